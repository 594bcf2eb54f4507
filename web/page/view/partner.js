// The partner's own readiness: questions, what follows from the answers, and checklists to tick off.

import { READINESS } from '../words.js';
import { checkItem } from './checks.js';
import { byId, draw, h } from './dom.js';

/** @import { PartnerReport } from '../report.js' */

const answerControl = (question, given, onAnswer) => {
  const id = question.key.replace('.', '-');
  const change = (event) => onAnswer(question.key, event.currentTarget.value.trim() || undefined);
  const control =
    question.choices === null
      ? h('input', { id, focus: id, type: 'number', min: 0, step: 1, value: given, change })
      : h(
          'select',
          { id, focus: id, change },
          h('option', { value: '' }, READINESS.notAnswered),
          question.choices.map((choice) =>
            h('option', { value: choice, selected: choice === given }, choice),
          ),
        );
  return h('div', { class: 'field' }, h('label', { for: id }, question.text), control);
};

/** How far something is, as a bar and as words. */
const progressOf = (done, all, words) =>
  h(
    'span',
    { class: 'progress' },
    h('progress', {
      class: `share ${done === all ? 'good' : ''}`,
      max: all,
      value: done,
      'aria-hidden': 'true',
    }),
    h('span', { class: 'under' }, words),
  );

const checklist = (list, answers, onAnswer) => {
  const done = list.items.filter(([id]) => answers.has(`check.${id}`)).length;
  return h(
    'details',
    { keep: `list-${list.title}`, class: 'checklist-card' },
    h(
      'summary',
      {},
      h('strong', {}, list.title),
      ' ',
      progressOf(done, list.items.length, READINESS.progress(done, list.items.length)),
    ),
    h(
      'ul',
      { class: 'checklist' },
      list.items.map(([id, text]) =>
        h(
          'li',
          {},
          h(
            'label',
            {},
            h('input', {
              type: 'checkbox',
              focus: `check-${id}`,
              checked: answers.has(`check.${id}`),
              change: (event) => onAnswer(`check.${id}`, event.currentTarget.checked ? 'yes' : undefined),
            }),
            text,
          ),
        ),
      ),
    ),
  );
};

/**
 * Draws the questions and what follows from the answers.
 * @param {{ questions: { key: string, text: string, choices: string[] | null }[], checklists: { title: string, items: string[][] }[] }} asked
 * @param {PartnerReport | null} report null while nothing is answered
 * @param {Map<string, string>} answers
 */
export const drawPartner = (asked, report, answers, { onAnswer, onExplain, onSave }) => {
  const answered = asked.questions.filter((question) => answers.has(question.key)).length;
  const found =
    answered > 0 && report
      ? report.checks.filter((check) => check.outcome !== 'pass' && check.outcome !== 'unknown')
      : [];
  draw(
    byId('partner'),
    h(
      'h3',
      {},
      READINESS.questions,
      ' ',
      progressOf(answered, asked.questions.length, READINESS.answered(answered, asked.questions.length)),
    ),
    h(
      'div',
      { class: 'answers' },
      asked.questions.map((question) => answerControl(question, answers.get(question.key), onAnswer)),
    ),
    answered > 0 && h('h3', { class: 'checks-title' }, found.length === 0 ? READINESS.fine : READINESS.todo),
    found.length > 0 &&
      h(
        'ul',
        { class: 'checks' },
        found.map((check) => checkItem(check, [], { onPlace: () => {}, onExplain })),
      ),
    h('h3', { class: 'checks-title' }, READINESS.checklists),
    h(
      'div',
      { class: 'checklists' },
      asked.checklists.map((list) => checklist(list, answers, onAnswer)),
    ),
    h(
      'div',
      { class: 'save' },
      h('button', { type: 'button', focus: 'save-answers', click: onSave }, READINESS.save),
      h('p', { class: 'note' }, READINESS.saveNote),
    ),
  );
};
