import assert from "node:assert/strict";
import { test } from "node:test";
import { checkGrounding } from "../check-grounding.ts";

const match =
  "Harlow United beat Deane Rovers 3-1 on Saturday. Marcus Oyelaran scored twice, and Pavel Dvorak got the only goal for Deane. " +
  "Harlow moved from fifth to third place. The club did not sell its goalkeeper. Ticket prices rise by 5 percent while wages fall. " +
  '"We had the wind behind us," said coach Ines Calder. See https://harlow.example/report and kestrel.example for more.';
const hotel =
  "The Hotel Arden has 60 rooms. The pool is 25 metres long. It was sold for 23 million pounds. " +
  "A study by the University of Halden praised it in 2018. Dogs are not allowed.";

type Row = readonly [name: string, context: string, answer: string, found: string];

const found: readonly Row[] = [
  [
    "names that change places are a swap",
    match,
    "Deane Rovers beat Harlow United 3-1 on Saturday.",
    "swap contradiction: Deane",
  ],
  [
    "numbers that change places are a swap",
    match,
    "Harlow moved from third to fifth place.",
    "swap contradiction: third",
  ],
  ["a denial dropped is a contradiction", match, "The club did sell its goalkeeper.", "negation contradiction: sell"],
  [
    "a denial added is a contradiction",
    hotel,
    "The Hotel Arden does not have 60 rooms.",
    "negation contradiction: rooms",
  ],
  ["the opposite is a contradiction", match, "Ticket prices fall by 5 percent.", "opposite contradiction: fall"],
  [
    "a quotation must be in the context",
    match,
    'Calder said: "We were lucky to win today."',
    "quotation unsupported: We were lucky to win today",
  ],
  [
    "an address invented on a known site is invented",
    match,
    "See https://harlow.example/scores for it.",
    "link unsupported: https://harlow.example/scores",
  ],
  ["another unit for the same number contradicts", hotel, "The pool is 25 feet long.", "unit contradiction: 25 feet"],
  [
    "another name in the same place contradicts",
    match,
    "Coach Ines Whitcombe said so.",
    "name contradiction: Whitcombe",
  ],
  [
    "a study with a name that nobody knows is unsupported",
    match,
    "A 2016 survey by Northgate Research calls Harlow the best club.",
    "date unsupported: 2016; study unsupported: survey",
  ],
  [
    "figures without a context need a source",
    "",
    "About 73 percent of managers leave within a year.",
    "statistic unsourced: 73 percent",
  ],
  ["so do studies that show things", "", "Studies show that it works.", "statistic unsourced: Studies"],
  [
    "an answer can contradict itself",
    hotel,
    "Dogs are not allowed. The pool is long. Dogs are allowed.",
    "self contradiction: allowed; negation contradiction: allowed",
  ],
  [
    "without a context too",
    "",
    "The deposit is 950 euros. Pets are welcome. The deposit is 900 euros.",
    "self contradiction: 900 euros",
  ],
  ["a title is a name, not a quotation", match, 'They call it "The Battle of the North".', "name unsupported: Battle"],
  [
    "a field of a form is a name in its place as well",
    "INVOICE\nAcme Tools GmbH, Main Street\nTotal Due",
    "Bosch Tools GmbH",
    "name contradiction: Bosch",
  ],
];
const fine: readonly Row[] = [
  ["the passive is no swap", match, "Deane Rovers were beaten 3-1 by Harlow United on Saturday.", ""],
  ["a list may change its order", "Guests were Ann Lee and Bo Marsh.", "Guests were Bo Marsh and Ann Lee.", ""],
  ["a denial in other words is none", match, "The club didn't sell its goalkeeper.", ""],
  ["the same direction in other words is none", match, "Ticket prices increase by 5 percent.", ""],
  ["a quotation may leave out words and signs", match, "She said “We had the wind … behind us”.", ""],
  [
    "a link of the context may be given, with or without its scheme",
    match,
    "See harlow.example/report or https://kestrel.example/.",
    "",
  ],
  [
    "a quarter of a percentage point has many writings",
    "The bank raised its rate by a quarter of a percentage point.",
    "The bank raised its rate by 0.25 percentage points, that is 25 basis points.",
    "",
  ],
  ["pounds are money or weight", hotel, "It was sold for £23 million.", ""],
  ["a figure with its source is sourced", "", "According to the ministry, 73 percent leave.", ""],
  ["what the context says of studies may be repeated", hotel, "A study praised the hotel in 2018.", ""],
  ["two dates, two numbers: no contradiction", "", "In 2019 it had 20 rooms. In 2021 it had 40 rooms.", ""],
  ["more than before is no contradiction", "", "The rent was 900 euros. The rent is now 950 euros.", ""],
  [
    "a sentence in another language is not judged by its words",
    hotel,
    "Das Hotel wurde von den Gästen sehr gelobt und ist nicht weit.",
    "",
  ],
];
for (const [name, context, answer, expected] of [...found, ...fine])
  test(name, () => {
    const findings = checkGrounding(answer, context === "" ? [] : [context]);
    const shown = findings.map(
      ({ rule, concern, span }) =>
        `${rule.replace("grounding.", "")} ${concern}: ${answer.slice(span.start, span.end)}`,
    );
    assert.equal(shown.join("; "), expected);
  });
