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
  /** States a fact of these opportunities; without a value, takes it back. */
  const sayOf = async (keys, fact, value) => {
    await Promise.all(keys.map((key) => ask('supplement', key ?? undefined, fact, value)));
    const about = new Set(keys);
    state.statements = state.statements.filter((said) => said.fact !== fact || !about.has(said.key));
    if (value !== undefined) {
      state.statements.push(...keys.map((key) => ({ key, fact, value })));
    }
  };

  const takeBack = act(async (group) => {
    for (const [fact, said] of Object.entries(Object.groupBy(group, (each) => each.fact))) {
      await sayOf(
        said.map(({ key }) => key),
        fact,
        undefined,
      );
    }
    await judge();
  });

  const answerOf = async (key, value) => {
    await ask('answer', key, value);
    if (value === undefined) {
      state.answers.delete(key);
    } else {
      state.answers.set(key, value);
    }
  };

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
    for (const said of Object.values(Object.groupBy(others, ({ fact, value }) => `${fact}\n${value}`))) {
      await sayOf(
        said.map(({ key }) => key),
        said[0].fact,
        said[0].value,
      );
    }
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
