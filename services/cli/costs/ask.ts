/**
 * `costs movers`, `costs reliability` and the others: a question to the
 * ledger's roll-ups, answered as a table, a chart, CSV or JSON.
 */
import { z } from "zod";
import { answer } from "../../ledger/answers/answer.ts";
import { askingOf, emptyPeriod, questionQuery } from "../../ledger/asking/query.ts";
import type { Question } from "../../ledger/questions/questions.ts";
import { withLedger } from "../connections.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { parseOptions, type CommandAction } from "../program/command.ts";
import { answerTable } from "./answer-table.ts";
import { show, waysOut, withSince } from "./costs-options.ts";

export function ask(question: Question): CommandAction {
  const { figures, drawn } = question;
  const options = optionsOf(question);
  return async ({ screen, env }, { options: given }) => {
    const { csv, chart, ...query } = parseOptions(options, withSince(given));
    const asking = askingOf(question, query, Date.now());
    if (asking === null) throw new CommandError(exitCodes.usage, `--since: ${emptyPeriod}`);
    const found = await withLedger(env, (store) => answer(store, question, asking));
    const { by, rows, since, until } = found;
    const table = answerTable(figures, found);
    const isTold = show(screen, { csv, chart }, { by, rows, figures, drawn, table, document: found });
    if (isTold) screen.note(`${question.summary}. From ${hourText(since)} to ${hourText(until)} UTC.`);
    if (isTold && found.more_rows > 0) screen.note(`${found.more_rows} more: --limit shows them.`);
    return exitCodes.ok;
  };
}

/** Runs may have had several models: to ask for one where they are counted is an error, not a filter that does nothing. */
function optionsOf(question: Question) {
  const query = z.object(questionQuery(question).shape);
  const name = z.string().min(1).max(128).optional();
  const absent = z.undefined("this counts runs, which may have had several: ask another question by it").optional();
  return query.extend({
    ...waysOut,
    client: name,
    ...(question.isOf === "calls" ? { provider: name, model: name } : { provider: absent, model: absent }),
  });
}

function hourText(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
