/**
 * Letters that people read as another letter: Cyrillic, Greek, Armenian,
 * Cherokee, Lisu, Coptic, small capitals and the like, each with the ASCII
 * letter it is taken for. Decided by eye, for upper and lower case apart. Compatibility forms
 * (full-width, mathematical, circled) are not here: NFKD folds those.
 */

const rows: readonly (readonly [string, string])[] = [
  // Cyrillic
  ["аѕсԁеɡһіјкӏмнорԛгѕтѵԝхуѡь", "ascdeghijklmhopqrstvwxywb"],
  ["АВСЕНІЈКМОРԚЅТУХԜҮҺв", "abcehijkmopqstyxwyhb"],
  ["ӀѴԀԌԚґғѓқҝҟӄҡңӈӊҥҭҳӽӿұҫҽҿәөѳѻћђҩҏӎԍԏѠ", "lvdgqrfrkkkkkhhhhtxxxyceeeooohhopmggw"],
  // Greek
  ["αβγεζηικμνοπρτυχωςδσ", "abyeznikuvonptuxwsdo"],
  ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx"],
  ["ϳͿϲϹϝϜϱϰϵϻϺ⍺⍳⍴⍵", "jjccffpkemmaipw"],
  // Armenian
  ["ազցհոսօքբԱՕՍ", "aqghnuopfuou"],
  ["եյռՏԼՑՈՒՌՖ", "tjnslgnrns"],
  // Latin letters without a decomposition, IPA and small capitals
  ["ıȷłøđħŧŋɑɐəɛɡɩɪʟɴʀʏʙɢʜɔɯʋʍʒƒƙƭƥɗɓɠɦ", "ijlodhtnaaeegiilnrybghcmvwzfktpdbgh"],
  ["ᴀᴃᴄᴅᴇꜰᴊᴋᴍᴏᴘꞯꜱᴛᴜᴠᴡᴢ", "abcdefjkmopqstuvwz"],
  ["ǝɘɜʚᴈɇⱸɟʄꞙɣʎɏƴƃƀƅƈȼↄᴐƌȡɖᵭǥᵹꞡɥⱨɧƕɨᴉɉɾʝʞĸⱪꝁꝃʠɋ", "eeeeeeefffyyyybbbccccddddggghhhhiijrjkkkkkqq"],
  ["ƚɫɬɭⱡȴꝉɱᵯɲɳƞȵᵰɵꝋᴑɷꝑᵽᵱɍɹɺɻɼɽᵲꞧʂȿᵴꞩʇʈƫȶⱦᵵʉᴝ", "lllllllmmnnnnnooooppprrrrrrrrssssttttttuu"],
  ["ʌⱴᶌⱳꝡᶍẟƶȥʐʑɀⱬᵶꞃꞇⱥɒᶏꞑꞓ", "vvvwyxdzzzzzzzrtaaanc"],
  [
    "ƁɃƂƇȻƉƊĐƎɆƑƓǤĦⱧƗɈƘⱩŁȽⱠⱢⱮƝȠØƟƆƤⱣɊɌⱤŦƬƮȾɄƲɅⱲƳɎƵȤⱫȺⱭƏƐƜŊƱƧ",
    "bbbccdddeefgghhijkkllllmnnoocppqrrttttuvvwyyzzzaaeemnus",
  ],
  // Cherokee
  ["ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏒᏢᏚᎢᏙᏔᎩᏃ", "abcdeghijklmrpstvwyz"],
  ["ᎡᎤᎳᎽᎾᏂᏏᏐᏓᏕᏗᏤᏧᏩᏰᏳᏵᏋᎨ", "rowyohbjlsjvdgbgbef"],
  // Lisu, Coptic, Deseret and others that hold a few
  ["ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓥꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvvhwxyaeiou"],
  [
    "ÐðᴩӡⲀⲂⲈⲎⲒⲔⲘⲚⲞⲢⲤⲦⲨⲬⲁⲃⲉⲏⲓⲕⲙⲛⲟⲣⲥⲧⲩⲭⲱⲰ𐐄𐐬𐐠𐑈ყჿⴍⵔⵕᗅᗷᑕᗞᗴᖴᕼᒍᒪᗰᑎᑭᖇᑌᐯᗯ᙭ᘔᐁ",
    "ddpzabehikmnopctyxabehikmnopctyxwwoossyoooqabcdefhjlmnpruvwxzv",
  ],
  // Punctuation
  ["‘’‚‛′´ʼ“”„‟″«»", `'''''''"""""""`],
  ["‐‑‒–—―−﹘⁃", "---------"],
  ["ǃ⁄∕∶꞉܃․٫", "!//:::.,"],
];

/** The small Cherokee letters look like small capitals of these. */
const [cherokee, smallCherokee] = [0x13a0, 0xab70];

function withSmall([letter, reading]: readonly [string, string]): readonly (readonly [string, string])[] {
  const place = (letter.codePointAt(0) ?? 0) - cherokee;
  if (place < 0 || place >= 0x50) return [[letter, reading]];
  return [
    [letter, reading],
    [String.fromCodePoint(smallCherokee + place), reading],
  ];
}

export const confusables: ReadonlyMap<string, string> = new Map(
  rows.flatMap(([from, to]) =>
    Array.from(from, (letter, index) => [letter, to[index] ?? letter] as const).flatMap(withSmall),
  ),
);

/** Letters that stand for two. */
export const digraphs: ReadonlyMap<string, string> = new Map([
  ["ß", "ss"],
  ["æ", "ae"],
  ["Æ", "ae"],
  ["œ", "oe"],
  ["Œ", "oe"],
  ["Ӕ", "ae"],
  ["ӕ", "ae"],
  ["ẞ", "ss"],
  ["ꝏ", "oo"],
  ["ʣ", "dz"],
  ["ʦ", "ts"],
  ["þ", "th"],
]);

/** Code points of the digit zero in scripts whose ten digits follow one another. */
export const digitZeros: readonly number[] = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
];
