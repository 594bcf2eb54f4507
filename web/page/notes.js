// The file in which the partner keeps its answers and statements, since this page keeps nothing.

import { NOTES } from './words.js';

/** @import { Statement } from './view/complete.js' */
/** @import { Answer } from './view/shared.js' */

const EDITION = 1;
const MARK = /^\uFEFF?\s*\{\s*"podCheckNotes"/;
/** More than anybody answers and states; what is larger is no file of ours. */
export const NOTES_BYTES_MAX = 16 * 1024 * 1024;

/** Whether a text, of which the beginning is enough, is such a file. */
export const isNotes = (text) => MARK.test(text.slice(0, 200));

/**
 * The text of such a file.
 * @param {Map<string, string>} answers
 * @param {Statement[]} statements
 * @param {Map<string, Answer>} shared what was stated of those that lack it
 */
export const writeNotes = (answers, statements, shared) => {
  const lacking = [...shared].map(([fact, { value }]) => ({ key: null, lacking: true, fact, value }));
  const notes = {
    podCheckNotes: EDITION,
    answers: Object.fromEntries(answers),
    statements: [...lacking, ...statements],
  };
  return `${JSON.stringify(notes, null, 1)}\n`;
};

const isText = (value) => typeof value === 'string' && value !== '';

const isStatement = (said) =>
  typeof said === 'object' &&
  said !== null &&
  (said.key === null || isText(said.key)) &&
  isText(said.fact) &&
  isText(said.value);

const parsedNotes = (text) => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Error(NOTES.unreadable);
  }
};

/**
 * What such a file says; it is read whole or not at all.
 * @returns {{ answers: [string, string][], statements: (Statement & { lacking?: boolean })[] }}
 */
export const readNotes = (text) => {
  const { podCheckNotes, answers = {}, statements = [] } = parsedNotes(text);
  if (Number.isInteger(podCheckNotes) && podCheckNotes > EDITION) {
    throw new Error(NOTES.newer);
  }
  const isSound =
    podCheckNotes === EDITION &&
    typeof answers === 'object' &&
    answers !== null &&
    !Array.isArray(answers) &&
    Object.values(answers).every(isText) &&
    Array.isArray(statements) &&
    statements.every(isStatement);
  if (!isSound) {
    throw new Error(NOTES.unreadable);
  }
  return { answers: Object.entries(answers), statements };
};
