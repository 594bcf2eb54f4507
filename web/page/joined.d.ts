/** What the builder puts in front of the modules when it joins them. */

/** The function that holds the WebAssembly module's glue; its own text is the worker's script. */
declare const podWorker: (scope: object) => void;
/** The WebAssembly module: compressed, as text. */
declare const MODULE: string;
/** The texts of the invented documents, by file name. */
declare const SAMPLE_TEXTS: Record<string, string>;
/** Not in every browser. */
declare var trustedTypes:
  | { createPolicy(name: string, rules: { createScriptURL(text: string): string }): { createScriptURL(text: string): any } }
  | undefined;
