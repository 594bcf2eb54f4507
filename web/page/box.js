// The box: which document's text it shows, how much of it, and the way to a place in it and back.

import { GIVEN } from './words.js';
import { byId } from './view/dom.js';
import {
  PREVIEW_LINES,
  asGiven,
  drawDocuments,
  drawLayout,
  selectLines,
  selectText,
  showText,
} from './view/input.js';
import { drawCaret } from './view/caret.js';

/** @import { DocumentReport, OpportunityReport } from './report.js' */
/**
 * @typedef {object} Boxed what is remembered of the box
 * @property {DocumentReport[]} documents as last reported
 * @property {number | null} shown the index of the document in the box; null when the box is for a new one
 * @property {number} shownFrom the first line in the box when it shows a part
 * @property {boolean} isTextOpen whether the text of a portfolio is shown; that of one opportunity always is
 * @property {HTMLElement | null} opener what the box was opened from, to go back to
 * @property {OpportunityReport | null} report what was found of the opened opportunity
 */

/** More lines than any text has. */
const EVERY_LINE = 2 ** 31;

/**
 * @param {object} page
 * @param {(method: string, ...args: unknown[]) => Promise<any>} page.ask
 * @param {(work: (...args: any[]) => any) => (...args: any[]) => Promise<void>} page.act
 * @param {Boxed} page.state
 * @param {() => boolean} page.isMany whether there is more than one opportunity
 * @param {(index: number) => Promise<void>} page.onRemove
 */
export const startBox = ({ ask, act, state, isMany, onRemove }) => {
  /** Draws the documents, of which the one in the box is marked. */
  const drawChips = () => drawDocuments(state.documents, state.shown, documentListener);

  /** Lays the page out for what there is. */
  const layOut = () => {
    const isLong = isMany();
    const hadFocus = document.activeElement?.closest('#text') !== null;
    drawLayout({ isEmpty: state.documents.length === 0, isMany: isLong, isTextOpen: state.isTextOpen });
    byId('back-to-result').hidden = state.opener === null;
    if (hadFocus && isLong && !state.isTextOpen) {
      byId('found-title').focus({ preventScroll: true });
    }
  };

  /** Shows a document in the box: all of it, or the part around a line. */
  const showDocument = async (index, aroundLine = 1) => {
    const name = state.documents[index]?.name ?? null;
    const whole = await ask('preview', index, 1, EVERY_LINE);
    if (whole === null) {
      return;
    }
    state.shown = index;
    const isSheet = /\.xlsx?$/i.test(name ?? '');
    if (whole.isWhole) {
      state.shownFrom = 1;
      showText(whole.text, name, isSheet ? GIVEN.cells : null);
    } else {
      const from = Math.max(1, aroundLine - 20);
      const part = await ask('preview', index, from, PREVIEW_LINES);
      state.shownFrom = from;
      const last = Math.min(from + PREVIEW_LINES - 1, part.totalLines);
      showText(part.text, name, GIVEN.part(from, last, part.totalLines));
    }
  };

  const showNothing = () => {
    state.shown = null;
    showText('', null, null);
  };

  /** Of the documents from `first` on, the one in which opportunities stand; else the first of them. */
  const firstAboutDeals = (first = 0) =>
    state.documents.slice(first).find(({ kind }) => kind === 'opportunities' || kind === 'facts')?.index ??
    first;

  /** The box beside one opportunity is never empty. */
  const showFirst = async () => {
    if (state.shown === null && state.documents.length > 0 && !isMany()) {
      await showDocument(firstAboutDeals());
      drawChips();
    }
  };

  const openText = () => {
    state.isTextOpen = true;
    layOut();
  };

  const toggleText = act(async () => {
    state.isTextOpen = !state.isTextOpen;
    state.opener = null;
    if (state.isTextOpen && state.shown === null && state.documents.length > 0) {
      await showDocument(firstAboutDeals());
      drawChips();
    }
    layOut();
    byId(state.isTextOpen ? 'paste' : 'toggle-text').focus();
  });

  const documentListener = {
    onShow: act(async (index) => {
      await showDocument(index);
      drawChips();
      openText();
      byId('paste').focus();
    }),
    onRemove,
    onPlace: (place) => showPlace(place),
  };

  /** Shows a place of a document in the box. */
  const showPlace = act(async (place) => {
    state.opener = /** @type {HTMLElement} */ (document.activeElement);
    const isPart = state.shown !== place.document || byId('paste').readOnly;
    if (isPart) {
      await showDocument(place.document, place.line);
      drawChips();
    }
    openText();
    if (place.start !== null && state.shownFrom === 1 && !byId('paste').readOnly) {
      selectText(place.start, place.end);
    } else {
      selectLines(place, state.shownFrom);
    }
  });

  /** Shows what of the opened opportunity rests on the place in the box where the caret stands. */
  const drawCaretFacts = () => {
    const box = byId('paste');
    const before = box.value.slice(0, box.selectionStart).split('\n');
    const isWhole = state.shownFrom === 1 && !box.readOnly;
    drawCaret(
      state.report,
      state.shown === null
        ? null
        : {
            document: state.shown,
            offset: isWhole ? asGiven(box.selectionStart) : null,
            line: state.shownFrom + before.length - 1,
            column: before.at(-1).length + 1,
          },
    );
  };

  /** Back from a place in the box to what it was opened from. */
  const backToResult = () => {
    const opener = state.opener?.isConnected ? state.opener : byId('found-title');
    state.opener = null;
    layOut();
    opener.scrollIntoView({ block: 'center' });
    opener.focus({ preventScroll: true });
  };

  return {
    drawChips,
    layOut,
    showDocument,
    showNothing,
    showFirst,
    firstAboutDeals,
    openText,
    toggleText,
    showPlace,
    drawCaretFacts,
    backToResult,
  };
};
