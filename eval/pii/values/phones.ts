/**
 * Telephone numbers of eleven countries as people there write them. Numbers are
 * drawn until the numbering plan knows them; the library that says so is used
 * here whole, not by the tables that the guard reads.
 */
import { parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/max";
import type { Value } from "../labelled-text.ts";
import type { Random } from "../random.ts";

/** `#` is any digit; the rest stands as it is. */
const spellings: readonly (readonly [country: CountryCode, patterns: readonly string[]])[] = [
  [
    "US",
    [
      "(212) ###-####",
      "415-###-####",
      "+1 646 ### ####",
      "303.###.####",
      "1-800-###-####",
      "+1 (617) ###-####",
      "+1312#######",
      "512 ### ####",
    ],
  ],
  [
    "GB",
    [
      "020 7### ####",
      "07700 ######",
      "+44 20 7### ####",
      "+44 (0)161 ### ####",
      "0161 ### ####",
      "07911 ### ###",
      "+447911######",
      "(020) 8### ####",
    ],
  ],
  [
    "DE",
    [
      "030 ########",
      "+49 30 #######",
      "0171 #######",
      "+49 (0)89 #######",
      "089/#######",
      "0151-########",
      "+49 151 ########",
      "0049 40 #######",
    ],
  ],
  [
    "FR",
    [
      "01 4# ## ## ##",
      "06.1#.##.##.##",
      "+33 1 4# ## ## ##",
      "+33 6 1# ## ## ##",
      "07-6#-##-##-##",
      "+33 (0)1 5# ## ## ##",
    ],
  ],
  ["ES", ["612 ### ###", "91 4## ## ##", "+34 612 ### ###", "+34 93 3## ## ##", "654 ## ## ##", "0034 655 ### ###"]],
  ["IT", ["06 #### ####", "+39 06 #### ####", "333 #######", "+39 347 ### ####", "02 ########", "340 ### ####"]],
  ["NL", ["06 ########", "020 ### ####", "+31 6 ########", "+31 20 ### ####", "06-########", "010-#######"]],
  ["IN", ["98### #####", "+91 98### #####", "+91-98########", "080 2### ####", "099### #####", "+91 22 2### ####"]],
  ["JP", ["03-####-####", "090-####-####", "+81 3-####-####", "+81 90 #### ####", "06-6###-####", "080-####-####"]],
  ["BR", ["(11) 9####-####", "+55 11 9####-####", "(21) 3###-####", "11 9####-####", "+55 (21) 9####-####"]],
  ["AU", ["0412 ### ###", "(02) 9### ####", "+61 412 ### ###", "03 9### ####", "+61 2 9### ####", "1300 ### ###"]],
];

export function phone(random: Random): Value {
  const [country, patterns] = random.pick(spellings);
  const pattern = random.pick(patterns);
  for (;;) {
    const written = pattern.replaceAll("#", () => random.digits(1));
    const callable = written.startsWith("00") ? `+${written.slice(2)}` : written;
    if (parsePhoneNumberFromString(callable, country)?.isValid() === true)
      return { entity: "phone", kind: `phone ${country}: ${pattern}`, written };
  }
}
