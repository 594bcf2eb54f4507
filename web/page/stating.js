// What the partner states of opportunities and answers about itself, and the file in which it keeps that.

import { NOTES } from './words.js';
import { readNotes, writeNotes } from './notes.js';
import { download } from './view/dom.js';

/** @import { Statement } from './view/complete.js' */
/** @import { Answer } from './view/shared.js' */

/**
 * @param {object} page
 * @param {(method: string, ...args: unknown[]) => Promise<any>} page.ask
 * @param {(work: (...args: any[]) => any) => (...args: any[]) => Promise<void>} page.act
 * @param {{ asOf: string, statements: Statement[], shared: Map<string, Answer>, answers: Map<string, string> }} page.state
 * @param {(said?: string) => Promise<void>} page.judge
 * @param {(fact: string, value: string) => Promise<number | null>} page.sayLacking
 */
export const startStating = ({ ask, act, state, judge, sayLacking }) => {
  /** States a fact of an opportunity, or of all without a key; without a value, takes it back. */
  const sayOf = (key, fact, value) => ask('supplement', key ?? undefined, fact, value);

  const takeBack = act(async (group) => {
    await Promise.all(group.map(({ key, fact }) => sayOf(key, fact, undefined)));
    await judge();
  });

  const answerOf = (key, value) => ask('answer', key, value);

  const saveNotes = act(() =>
    download(NOTES.file(state.asOf), 'application/json', [
      writeNotes(state.answers, state.statements, state.shared),
    ]),
  );

  /** Answers and states again what a file of saved answers says. */
  const restore = async (text) => {
    const { answers, statements } = readNotes(text);
    for (const [key, value] of answers) {
      await answerOf(key, value);
    }
    for (const { fact, value } of statements.filter((said) => said.lacking === true)) {
      await sayLacking(fact, value);
    }
    const others = statements.filter((said) => said.lacking !== true);
    await Promise.all(others.map(({ key, fact, value }) => sayOf(key, fact, value)));
    await judge(NOTES.restored(answers.length, statements.length));
  };

  return {
    sayOf,
    takeBack,
    answerOf,
    saveNotes,
    restore,
  };
};
