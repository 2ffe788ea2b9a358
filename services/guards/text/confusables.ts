/**
 * Letters that people read as another letter: Cyrillic, Greek, Armenian, small
 * capitals and the like, each with the ASCII letter it is taken for. Decided by
 * eye for upper and lower case apart, before lower-casing. Compatibility forms
 * (full-width, mathematical, circled) are not here: NFKD folds those.
 */

const rows: readonly (readonly [string, string])[] = [
  // Cyrillic
  ["аѕсԁеɡһіјкӏмнорԛгѕтѵԝхуѡь", "ascdeghijklmhopqrstvwxywb"],
  ["АВСЕНІЈКМОРԚЅТУХԜҮҺв", "abcehijkmopqstyxwyhb"],
  // Greek
  ["αβγεζηικμνοπρτυχωςδσ", "abyeznikuvonptuxwsdo"],
  ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx"],
  // Armenian
  ["ազցհոսօքբԱՕՍ", "aqghnuopfuou"],
  // Latin letters without a decomposition, IPA and small capitals
  ["ıȷłøđħŧŋɑɐəɛɡɩɪʟɴʀʏʙɢʜɔɯʋʍʒƒƙƭƥɗɓɠɦ", "ijlodhtnaaeegiilnrybghcmvwzfktpdbgh"],
  ["ᴀᴃᴄᴅᴇꜰᴊᴋᴍᴏᴘꞯꜱᴛᴜᴠᴡᴢ", "abcdefjkmopqstuvwz"],
  // Cherokee
  ["ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏒᏢᏚᎢᏙᏔᎩᏃ", "abcdeghijklmrpstvwyz"],
  // Punctuation
  ["‘’‚‛′`´ʼ“”„‟″«»", `''''''''"""""""`],
  ["‐‑‒–—―−﹘⁃", "---------"],
];

export const confusables: ReadonlyMap<string, string> = new Map(
  rows.flatMap(([from, to]) => Array.from(from, (letter, index) => [letter, to[index] ?? letter] as const)),
);

/** Letters that stand for two. */
export const digraphs: ReadonlyMap<string, string> = new Map([
  ["ß", "ss"],
  ["æ", "ae"],
  ["Æ", "ae"],
  ["œ", "oe"],
  ["Œ", "oe"],
  ["þ", "th"],
]);

/** Code points of the digit zero in scripts whose ten digits follow one another. */
export const digitZeros: readonly number[] = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
];
