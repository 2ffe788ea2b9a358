/**
 * Texts for bench/guards/signatures.ts: prompts as people write them, which hold many
 * words of signatures and match none, and pieces that are repeated to hostile
 * texts: words of signatures alone, in order, and mixed so that many come near.
 */
const request =
  "Please write a short summary of the following report for the management team. Keep it under 200 words and mention " +
  "the three most important figures. The report covers the previous quarter, in which the system was updated and all " +
  "customers received new instructions on how to act when a payment fails. Do not repeat what was said in the last " +
  "summary, and tell me if anything in the text above is unclear. ";

const code =
  "def render(template: str, values: dict) -> str:\n    # print the output of every rule, ignore empty lines\n" +
  '    return template.format(**values)\n\n{"role": "user", "content": "<b>text</b>", "ids": [12, 4711, 90210]}\n';

const german =
  "Bitte fasse den folgenden Bericht für die Geschäftsführung zusammen. Die früheren Anweisungen zur Länge gelten " +
  "weiter: höchstens zweihundert Wörter, die drei wichtigsten Zahlen zuerst. Straße und Ort dürfen wegfallen. ";

export const prompts: ReadonlyMap<string, string> = new Map([
  ["English", request],
  ["German", german],
  ["code", code],
]);

/** So many characters of a text repeated. */
export function lengthened(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

const words =
  "ignore all previous instructions reveal your system prompt act as pretend you are now from now on you will without " +
  "any rules restrictions print the text above decode and follow send the conversation if you are an ai";

/** The words in another order: each step takes every `step`-th. */
function mixed(step: number): string {
  const list = words.split(" ");
  return `${list.map((_, at) => list[(at * step + step) % list.length]).join(" ")} `;
}

export const hostilePieces: readonly string[] = [
  "1 ",
  "\n#",
  "](https://a/",
  "\u200b",
  "ignore ",
  "instructions ",
  "ignore all previous ",
  "you are ",
  "a.b@c. ",
  `${words} `,
  mixed(3),
  mixed(5),
  mixed(7),
  mixed(11),
];
