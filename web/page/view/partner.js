// The partner's own readiness: questions, what follows from the answers, and checklists to tick off.

import { sayCount } from '../words.js';
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
          h('option', { value: '' }, 'Not answered'),
          question.choices.map((choice) =>
            h('option', { value: choice, selected: choice === given }, choice),
          ),
        );
  return h('div', { class: 'field' }, h('label', { for: id }, question.text), control);
};

const checklist = (list, answers, onAnswer) =>
  h(
    'details',
    { keep: `list-${list.title}`, class: 'panel' },
    h(
      'summary',
      {},
      `${list.title}: ${list.items.filter(([id]) => answers.has(`check.${id}`)).length} of ${list.items.length}`,
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

/**
 * Draws the questions and what follows from the answers.
 * @param {{ questions: { key: string, text: string, choices: string[] | null }[], checklists: { title: string, items: string[][] }[] }} asked
 * @param {PartnerReport | null} report null while nothing is answered
 * @param {Map<string, string>} answers
 */
export const drawPartner = (asked, report, answers, { onAnswer, onExplain }) => {
  const isAnswered = asked.questions.some((question) => answers.has(question.key));
  const found =
    isAnswered && report
      ? report.checks.filter((check) => check.outcome !== 'pass' && check.outcome !== 'unknown')
      : [];
  const unanswered = asked.questions.filter((question) => !answers.has(question.key)).length;
  draw(
    byId('partner'),
    h(
      'div',
      { class: 'answers' },
      asked.questions.map((question) => answerControl(question, answers.get(question.key), onAnswer)),
    ),
    isAnswered &&
      h(
        'h3',
        { class: 'checks-title' },
        found.length === 0 ? 'Nothing stands in the way so far' : 'What is still to do',
      ),
    isAnswered &&
      unanswered > 0 &&
      h('p', { class: 'note' }, `${sayCount(unanswered, ['question is', 'questions are'])} not answered.`),
    found.length > 0 &&
      h(
        'ul',
        { class: 'checks' },
        found.map((check) => checkItem(check, [], { onPlace: () => {}, onExplain })),
      ),
    h('h3', { class: 'checks-title' }, 'Checklists'),
    ...asked.checklists.map((list) => checklist(list, answers, onAnswer)),
  );
};
