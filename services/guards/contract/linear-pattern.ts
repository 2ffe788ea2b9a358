/**
 * Runs the `pattern` of a contract on RE2 (re2js), whose time grows with the
 * text and with nothing else: a contract's author need not know which patterns
 * hang. What RE2 cannot do, look-around and back-references, does not compile.
 * Two of its readings are narrower than JavaScript's: `\s` is ASCII white space,
 * and `.` stops at line feeds alone.
 */
import { RE2JS } from "re2js";

export interface LinearPattern {
  readonly test: (text: string) => boolean;
  /** Ajv tells patterns apart by it. */
  readonly toString: () => string;
}

/** Ajv's `code.regExp`: `code` names the function where validation code is generated to a file, which we never do. */
export const linearPattern = Object.assign((pattern: string): LinearPattern => compile(pattern), {
  code: "linearPattern",
});

const backReference = /(?:^|[^\\])(?:\\\\)*\\(?:[1-9]|k<)/;

/** @throws SyntaxError naming what the pattern uses that is not linear, or what is wrong with it. */
function compile(pattern: string): LinearPattern {
  const syntax = syntaxError(pattern);
  if (syntax !== null) throw new SyntaxError(`pattern "${pattern}": ${syntax}`);
  if (backReference.test(pattern)) throw refused(pattern, "a back-reference");
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return { test: (text) => compiled.test(text), toString: () => pattern };
  } catch (error) {
    throw refused(pattern, /\(\?<?[=!]/.test(pattern) ? "look-around" : String(error));
  }
}

function refused(pattern: string, what: string): SyntaxError {
  return new SyntaxError(`pattern "${pattern}": ${what} cannot be matched in linear time`);
}

function syntaxError(pattern: string): string | null {
  try {
    new RegExp(pattern, "u");
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "is no pattern";
  }
}
