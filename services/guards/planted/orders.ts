/**
 * Orders: a sentence that begins with a verb in the imperative, or asks its
 * reader to do something. Most orders are for people (a manual, a recipe, an
 * e-mail); what is asked for tells those apart that only a machine that writes
 * text could follow: a translation of this text, a poem, the answer in base64.
 */

/** `alone`: how much the verb at the head of a sentence says by itself. */
type VerbWeight = readonly [alone: number, verbs: string];

const verbWeights: readonly VerbWeight[] = [
  [
    0.35,
    "translate paraphrase rephrase rewrite reword respond reply answer output print repeat recite encode decode encrypt decrypt " +
      "generate pretend roleplay summarize summarise disregard ignore forget elaborate transcribe impersonate autocomplete",
  ],
  [
    0.25,
    "write compose list explain describe tell give provide create suggest recommend identify calculate compute convert compare " +
      "analyze analyse classify categorize find name say show include insert append replace reverse mention state discuss define outline " +
      "draft extract determine evaluate rate rank count solve propose brainstorm predict infer imagine simulate behave " +
      "execute perform paste reveal display confirm detect edit simplify expand complete prove unlock demonstrate plan design conclude refer pronounce plug",
  ],
  [
    0.1,
    "send forward email visit open click call download fetch post submit upload transfer advertise promote endorse buy delete follow start end begin finish",
  ],
  [
    0,
    "install run use set see select add make check note ensure configure stop enter type press choose go put mix stir cook bake heat place " +
      "remove turn keep take read let try get allow wait look contact review join attach update test build import return save copy move change " +
      "specify pass define enable disable clone consider remember do don't be have bring come help support report register sign log",
  ],
];

export const verbs: ReadonlyMap<string, number> = new Map(
  verbWeights.flatMap(([alone, list]) => list.split(" ").map((verb) => [verb, alone] as const)),
);

/** What may stand before the verb: an address, politeness, a heading, a connective. All of it is bounded. */
export const orderHead =
  /^(?:[^a-z<>]{0,8}(?:(?:attention|assistant|ai|chatbot|system|user|important|note|urgent|reminder|instructions?|task|question|action required|n\.?b\.?|ps|p\.s\.?)[ :,!*.-]{1,4}){0,3})?[^a-z<>]{0,8}(?:(?:when|if|while|before|after|once|for|as)\b[^,;:]{1,60}, )?(?:(?:and|then|now|also|next|first|second|finally|lastly|after that|instead|please|kindly|just|simply|immediately|always|so|but)[ ,]{1,2}){0,4}(?:(?:can|could|would|will) you (?:please )?|(?:i|we) (?:want|need|would like|'d like) you to |i'd like you to |you (?:should|must|need to|have to|shall|will|are required to|are asked to)(?: now| also| always| then)? |(?:do not|don't|never|always|remember to|try to|proceed to|your task is to|your new task is to) )?([a-z]{2,16})\b/;

/** A thing that a writer of texts makes. */
const artefact =
  /\b(?:poem|haiku|limerick|sonnet|song|lyrics|story|joke|riddle|essay|tweet|slogan|headline|jingle|screenplay|short (?:note|paragraph|text|summary|sentence)|cover letter|blog post|product description|python (?:code|function|program|script)|(?:code|script|function|program|regex|sql query) (?:that|to|for|which)|synonyms?|antonyms?|acronym|(?:one|two|three|four|five|\d{1,2})(?: \w{1,12})? (?:examples?|sentences?|words?|reasons?|ways|tips|facts?|ideas|questions?|bullet points?|titles?|names|steps|adjectives|benefits|synonyms|things))\b/;

/** The same, but people ask each other for it too. */
const writing =
  /\b(?:questions?|quiz|checklist|survey|list|conversation|dialogue|metaphors?|proverb|menu|itinerary|scene|routine|definition|description|explanation|outline|translation|table|email|letter|report|review|biography|caption|title|name|plan|ideas?|sentence|paragraph|word|recipe|code|answer|response|summary|analysis|meaning|difference|plot|sentiment|grammar|weather|number|percentage|average|example)\b/;

/** The text before it, or the answer to come, as an object. */
const reference =
  /\b(?:(?:this|the|that|above|following|given|entire|whole|previous|provided|original|all) (?:above |following |given |previous |provided |input |entire )?(?:text|sentence|sentences|passage|paragraph|article|document|email|conversation|message|prompt|words|content|input|question|query|task|instruction|string|phrase|code|answer|response|summary|reply|output)\b|your (?:answer|response|summary|reply|output|prompt|instructions?))/;

/** A form that only a machine is asked for. */
const form =
  /\b(?:(?:in|into|to|using) (?:french|german|spanish|italian|portuguese|dutch|polish|swedish|danish|russian|chinese|mandarin|japanese|korean|arabic|hindi|turkish|greek|latin|hebrew|english|klingon|pig latin|base ?64|base ?32|hex|hexadecimal|binary|rot13|morse(?: code)?|a caesar cipher|caesar cipher|emojis?|all caps|capital letters|upper ?case|lower ?case|reverse(?: order)?|json|yaml|xml|markdown|html|csv|a (?:json|markdown|table|list|numbered list|bulleted list|code block))|as (?:json|a json|yaml|xml|a table|a list|a bulleted list|a poem|a pirate|if you)|in the (?:style|voice|tone|manner|form) of|backwards|with emojis?|in (?:a single|one|two|three|\d{1,3}) (?:word|words|sentences?|lines?|paragraphs?)|(?:less|fewer|more) than \d{1,4} words|step by step|bullet points?|sentiment|positive or negative|true or false|yes or no|numbered list)\b/;

/** Somewhere to go or to send to. */
const destination =
  /(?:https?:\/\/|www\.|\b(?:this|the following) (?:link|url|website|number|address)\b|[a-z0-9._-]{1,64}@[a-z0-9.-]{3,64}|\bclick(?:ing)? (?:here|on)\b|!\[)/;

/** Somebody who asks: rare in a text that is only to be read. */
const asker =
  /\b(?:give|tell|show|help|write|teach|send|provide|list|find|explain to|create) me\b|\bi (?:want|need|would like|'d like) you to\b|\bfor me\b/;

/** At least four words, no heading, no quotation: not a button, a link, or what somebody in the text said. */
const sayable = /^[^a-z#"'|>]{0,8}(?:[a-z'-]+[^a-z'-]+){3}[a-z'-]/;

/** What follows shows that the word was a noun: `list of names`, `rate is`, `name:`, `print page`. */
const noun = /^(?: ?[:|=)/\u2013-]| (?:of|is|was|are|were|has|had|by|size|name|date|number|page|version|and)\b)/;

export interface Order {
  /** How far it reads as an order to a writer of texts, 0 to 1. */
  readonly weight: number;
  /** It is a whole sentence of the text's own voice: it can stand out from the rest. */
  readonly plain: boolean;
}

/** Null when the sentence is no order at all; one for people (a manual's) has next to no weight. */
export function orderIn(sentence: string): Order | null {
  const head = orderHead.exec(sentence);
  const alone = head === null ? undefined : verbs.get(head[1] ?? "");
  if (head === null || alone === undefined || noun.test(sentence.slice(head[0].length))) return null;
  const plain = sayable.test(sentence);
  if (alone < 0.25) return { weight: destination.test(sentence) ? alone + 0.1 : alone, plain: false };
  if (!plain) return { weight: alone / 2, plain };
  const objects =
    (artefact.test(sentence) ? 0.3 : writing.test(sentence) ? 0.1 : 0) +
    (reference.test(sentence) ? 0.2 : 0) +
    (form.test(sentence) ? 0.35 : 0) +
    (asker.test(sentence) ? 0.25 : 0) +
    (destination.test(sentence) ? 0.2 : 0);
  return { weight: Math.min(0.9, alone + objects), plain: objects > 0 || /[.:!]["')*]*$/.test(sentence) };
}
