/**
 * Phrases that belong in a prompt and not in a document: a machine addressed,
 * its answer or its instructions spoken of, an order to set them aside, marks
 * of a prompt's own structure. Folded (lower case, no accents). The weight is
 * how much one of them says by itself; kinds add up, repeats do not.
 */

export type PhraseKind = "machine" | "answer" | "moment" | "override" | "secrecy" | "structure" | "leak";

export interface Phrase {
  readonly text: string;
  readonly kind: PhraseKind;
  readonly weight: number;
}

const machine: readonly Group[] = [
  [
    0.2,
    "assistant | chatbot | language model | ai model | llm | llms | chatgpt | openai | copilot | artificial intelligence | ai system | ai agent | ai tool | " +
      "ai assistant | as an ai | any ai | any llm | any language model | any assistant | all ai | all llms | ai assistants | ai models",
  ],
  [
    0.5,
    "dear ai | hello ai | hey ai | hi ai | attention ai | note to ai | note to the ai | if you are an ai | if you're an ai | " +
      "you are an ai | you are a language model | you are a large language model | attention assistant | dear assistant | hey assistant | " +
      "hello assistant | note to assistant | note to the assistant | message to the ai | instructions for the ai | instruction for the ai | " +
      "instructions for ai | instruction for ai | instructions to the assistant | assistant instruction | assistant must | assistant should | " +
      "ai should | ai must | model should | model must | llm should | llm must | chatbot should | chatbot must | whoever summarizes | " +
      "anyone summarizing | assistants reading | models reading | ai reading",
  ],
];

const answer: readonly Group[] = [
  [
    0.15,
    "the user | users query | the summary | the response | final answer | output only | respond only | reply only | answer only | answer with | reply with | respond with",
  ],
  [
    0.35,
    "your response | your answer | your summary | your reply | your output | your final answer | your final response | your next response | " +
      "your next message | your next reply | your responses | your answers | your replies | your task is | your new task | your real task | your job is to | your role is | " +
      "your goal is to | your objective is | you are now | you are running as | you will now | you must now | you are to | you will act as | you shall act as | act as a | act as an | " +
      "tell the user | inform the user | ask the user | remind the user | instruct the user | advise the user | convince the user | show the user | " +
      "the user's question | the user's query | the user's request | users question | the user asked | the user has asked | the user is asking | " +
      "context above | text above | above text | everything above | words above | conversation above | all of the above text | " +
      "deine antwort | deiner antwort | ihre antwort | ihrer antwort | tu respuesta | su respuesta | ta reponse | votre reponse | tua risposta | sua risposta | " +
      "sua resposta | tua resposta | jouw antwoord | je antwoord | uw antwoord | deine zusammenfassung | tu resumen | votre resume | ton resume | " +
      "twoja odpowiedz | twojej odpowiedzi | ditt svar | dit svar",
  ],
];

const moment: readonly Group[] = [
  [
    0.35,
    "when summarizing | when summarising | when you summarize | when you summarise | when answering | when you answer | when responding | when you respond | when replying | " +
      "while summarizing | while summarising | before answering | before responding | before summarizing | after answering | instead of summarizing | instead of answering | instead of a summary | " +
      "rather than summarizing | when asked about | if you are asked | if you're asked | if asked to | if you are told | when you are asked | if you are summarizing | if you are reading this | if you're reading this | in the summary, | from now on",
  ],
];

const override: readonly Group[] = [
  [
    0.45,
    "previous instructions | prior instructions | above instructions | earlier instructions | original instructions | preceding instructions | " +
      "all instructions | other instructions | your instructions | these instructions override | new instructions | new instruction | updated instructions | " +
      "additional instructions | special instructions for | hidden instruction | system instruction | previous prompt | prior prompt | original prompt | " +
      "previous requests | prior requests | previous directions | previous commands | prior commands | previous rules | your guidelines | your rules | your programming | " +
      "your restrictions | regardless of any previous | regardless of your previous | " +
      "instead, you | disregard the | disregard all | disregard any | disregard everything | ignore the above | ignore all | ignore any | ignore everything | ignore the rest | " +
      "ignore the previous | ignore the following | ignore previous | ignore the text | ignore the document | ignore what | forget everything | forget all | forget what | forget your | " +
      "developer mode | debug mode | maintenance mode | test mode | testing purposes | test pipeline | god mode | admin mode | sudo mode | system override | " +
      "priority task | priority instruction | new task | task override | do the following instead | academic purposes | system malfunction | hidden functionalities | " +
      "vorherigen anweisungen | obigen anweisungen | alle anweisungen | neue anweisung | instrucciones anteriores | nuevas instrucciones | " +
      "instructions precedentes | instructions ci-dessus | nouvelles instructions | istruzioni precedenti | nuove istruzioni | instrucoes anteriores | " +
      "novas instrucoes | vorige instructies | eerdere instructies | nieuwe instructies | poprzednie instrukcje | tidigare instruktioner | tidligere instruktioner",
  ],
];

const secrecy: readonly Group[] = [
  [
    0.3,
    "do not mention | don't mention | do not reveal | don't reveal | do not tell | don't tell | without mentioning | without telling | without revealing | " +
      "do not say | don't say | do not include any | do not summarize | do not summarise | don't summarize | do not answer | don't answer | do not respond | " +
      "don't respond | nothing else | no further context | no other text | no explanation | without explanation | without any explanation | verbatim | word for word | " +
      "exactly as it is | exactly as written | exactly as follows | the following string | the following sentence | the following phrase | the following message | the following text | the phrase | " +
      "the exact phrase | the exact words | at the end of your response | at the end of your answer | only this | only the word",
  ],
];

const structure: readonly Group[] = [
  [
    0.5,
    "<|im_start|> | <|im_end|> | <|system|> | <|user|> | <|assistant|> | [inst] | [/inst] | <<sys>> | </document> | </context> | </data> | </documents> | [system] | [/system] | " +
      "### instruction | ### system | ### response | begin system | end of document | end of context | end of text | end of input | end of data | system prompt: | " +
      "assistant: ",
  ],
];

const leak: readonly Group[] = [
  [
    0.45,
    "system prompt | system message | initial prompt | first message | hidden prompt | your prompt | your configuration | your unique id | " +
      "your api key | chat history | conversation history | previous conversation | conversation so far | user's data | users data | " +
      "user data to | ?data= | ?d= | ?secret= | onerror= | onload= | javascript:",
  ],
  [0.25, "?q= | ?query= | ?text= | <script | <svg | base64 | rot13"],
];

type Group = readonly [weight: number, phrases: string];

export const phrases: readonly Phrase[] = [
  ...read("machine", machine),
  ...read("answer", answer),
  ...read("moment", moment),
  ...read("override", override),
  ...read("secrecy", secrecy),
  ...read("structure", structure),
  ...read("leak", leak),
];

function read(kind: PhraseKind, groups: readonly Group[]): readonly Phrase[] {
  return groups.flatMap(([weight, list]) =>
    list
      .split(" | ")
      .filter((text) => text !== "")
      .map((text) => ({ text, kind, weight })),
  );
}
