// What the user does to the frame's own markup, handed on as what is meant by it.

import { byId } from './dom.js';
import { EDITABLE_CHARS_MAX } from './input.js';
import { closeOtherMenus } from './take.js';

/** How long typing must pause before it counts. */
const PAUSE_MS = 200;

const whenPaused = (work) => {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, PAUSE_MS);
  };
};

const listenToPastes = ({ onText, onFiles }) =>
  document.addEventListener('paste', (event) => {
    const box = byId('paste');
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const isForBox = event.target === box && !box.readOnly;
    const isForOther = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (files.length > 0 && text === '') {
      event.preventDefault();
      onFiles(files);
    } else if (text !== '' && !isForOther && (!isForBox || text.length > EDITABLE_CHARS_MAX)) {
      event.preventDefault();
      onText(text);
    }
  });

const listenToDrops = ({ onText, onFiles }) => {
  const hint = byId('drop');
  const takes = ({ dataTransfer }) =>
    [...(dataTransfer?.types ?? [])].some((type) => type === 'Files' || type === 'text/plain');
  document.addEventListener('dragover', (event) => {
    if (takes(event)) {
      event.preventDefault();
      hint.hidden = false;
    }
  });
  document.addEventListener('dragleave', (event) => {
    hint.hidden ||= event.relatedTarget === null;
  });
  document.addEventListener('drop', (event) => {
    hint.hidden = true;
    if (!takes(event)) {
      return;
    }
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    const text = event.dataTransfer.getData('text/plain');
    if (files.length > 0) {
      onFiles(files);
    } else if (text !== '') {
      onText(text);
    }
  });
};

/** What is pasted into the box may stand there to be looked at; what is typed is being written. */
const listenToTyping = ({ onTyped }) => {
  let isPaste = false;
  const pause = whenPaused(() => onTyped(isPaste));
  byId('paste').addEventListener('input', (event) => {
    isPaste = event.inputType === 'insertFromPaste' || event.inputType === 'insertFromDrop';
    pause();
  });
};

/** A button that opens the browser's choice of files. */
const listenToFiles = (button, input, onChosen) => {
  byId(button).addEventListener('click', () => byId(input).click());
  byId(input).addEventListener('change', () => {
    const files = [...byId(input).files];
    // The same file may be chosen again.
    byId(input).value = '';
    onChosen(files);
  });
};

/**
 * Listens to everything that is always there.
 * @param {Record<string, (...args: any[]) => void>} handlers by what is meant
 */
export const listen = (handlers) => {
  const onClick = (id, work) => byId(id).addEventListener('click', () => work());
  const onChange = (id, work) => byId(id).addEventListener('change', (event) => work(event.target.value));
  listenToPastes(/** @type {any} */ (handlers));
  listenToDrops(/** @type {any} */ (handlers));
  listenToFiles('open-files', 'files', handlers.onFiles);
  byId('add-files').addEventListener('click', () => byId('files').click());
  listenToFiles('open-policy', 'policy-file', ([file]) => file && handlers.onPolicy(file));
  listenToTyping(/** @type {any} */ (handlers));
  for (const moved of ['keyup', 'pointerup', 'select']) {
    byId('paste').addEventListener(moved, () => handlers.onCaret());
  }
  byId('search').addEventListener(
    'input',
    whenPaused(() => handlers.onQuery({ search: byId('search').value })),
  );
  onChange('sort', (sort) => handlers.onQuery({ sort }));
  onClick('reverse', () =>
    handlers.onQuery({ descending: byId('reverse').getAttribute('aria-pressed') === 'false' }),
  );
  onChange('as-of', handlers.onAsOf);
  onChange('date-order', handlers.onDateOrder);
  onClick('new-text', handlers.onNew);
  onClick('toggle-text', handlers.onToggleText);
  onClick('close-text', handlers.onToggleText);
  onClick('back-to-result', handlers.onBackToResult);
  onClick('clear', handlers.onClear);
  onClick('today', handlers.onAsOf);
  onClick('reset-policy', handlers.onPolicy);
  onClick('cancel', handlers.onCancel);
  document.addEventListener('click', (event) => closeOtherMenus(event.target));
};
