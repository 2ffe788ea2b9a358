/** Street addresses in several languages' forms, and the sentences that only sound alike. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { findStreetAddresses } from "./street-address.ts";

const found = (text: string) =>
  findStreetAddresses(readPiiText(fold(text))).map(({ start, end }) => text.slice(start, end));

const addresses: readonly [text: string, address: string][] = [
  ["I live at 742 Evergreen Terrace.", "742 Evergreen Terrace"],
  ["Ship to 12 Old Mill Road, Apt 4B please", "12 Old Mill Road, Apt 4B"],
  ["at 9 Birch Lane, Springfield, IL 62704 today", "9 Birch Lane, Springfield, IL 62704"],
  ["my address is 12 baker street", "12 baker street"],
  ["221b Baker Street", "221b Baker Street"],
  ["12 rue de la Paix", "12 rue de la Paix"],
  ["elle habite 12 rue de la Paix depuis hier", "12 rue de la Paix"],
  ["Hauptstraße 12", "Hauptstraße 12"],
  ["Calle Mayor 5", "Calle Mayor 5"],
  ["PO Box 1234", "PO Box 1234"],
  ["350 Fifth Avenue", "350 Fifth Avenue"],
  ["30 W 34th Street", "30 W 34th Street"],
];
for (const [text, address] of addresses) test(`finds "${address}"`, () => assert.deepEqual(found(text), [address]));

const others: readonly [what: string, text: string][] = [
  ["people on a street", "20 people on the street"],
  ["a year and a walk", "in 1980 he walked down the road"],
  ["a way that is none", "my office moved in 1868 to the close"],
  ["a title", "7 Days to Die Place"],
  ["an amount", "$12 Main Street"],
  ["a number alone", "12"],
];
for (const [what, text] of others) test(`takes none from ${what}`, () => assert.deepEqual(found(text), []));
