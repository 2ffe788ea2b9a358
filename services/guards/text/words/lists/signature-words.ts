/**
 * English words that signatures of prompt injection are made of. One of them,
 * misspelt or glued to others, is reason enough to read a text so. Folded: lower
 * case, without accents.
 */
export const signatureWords: readonly string[] = `
  ignore ignored ignores ignoring disregard disregarded disregarding forget forgets forgetting forgot override
  overrides overridden overriding overrule bypass bypasses bypassing bypassed discard discarding neglect neglecting
  dismiss overlook erase delete remove skip cancel cancelled suspend abandon violate breach circumvent evade avoid
  escape previous previously prior above below earlier preceding foregoing former initial original originally past
  existing current currently following follow followed follows obey obeying comply complying adhere instruction
  instructions instructed instruct prompt prompts prompted prompting directive directives direction directions
  command commands commanded order orders rule rules guideline guidelines guidance constraint constraints
  restriction restrictions restricted restrict limitation limitations limit limits unlimited boundaries policy
  policies programming programmed training trained request requests assignment task tasks context configuration
  settings filter filters filtering unfiltered censorship censored uncensored safeguards safety moderation ethical
  ethics unethical moral morals morality immoral amoral illegal legal laws unrestricted system developer debug
  administrator admin root user users human assistant assistants model models language chatbot chatgpt openai
  anthropic gemini claude copilot llama machine agent agents intelligence artificial reveal reveals revealing show
  shows showing print prints printing display output outputs outputting repeat repeats repeating recite echo
  disclose expose leak leaked share spell write written writing translate summarize summarise encode decode decoding
  decoded decipher decrypt hidden secret secrets secretly confidential internal password passwords passphrase
  passcode credentials token tokens access granted grant permission permissions authorized authorization approval
  approved confirm confirmation confirming verbatim exactly literally entire entirely everything anything nothing
  whole complete completely full fully text texts content contents message messages conversation history sentence
  sentences paragraph paragraphs words word character characters letters letter line lines beginning started
  starting starts begin begins pretend pretending roleplay role roles playing play acting simulate simulation
  simulated imagine imaginary hypothetical hypothetically fictional fiction scenario story persona personality
  identity named name called become behave respond responds responding response responses reply replies replying
  answer answers answering question questions jailbreak jailbroken jailbreaking unlocked unlock enabled enable
  disabled disable activate activated deactivate mode modes unbound unhinged unshackled liberated freed freedom
  opposite evil without warning warnings disclaimer disclaimers refuse refusal refusing decline apologize apologies
  cannot regardless consequences concerns considerations harmful harm dangerous malicious offensive explicit always
  never must should instead henceforth from onwards until forever longer anymore whatever whenever however otherwise
  therefore call execute executing invoke function functions tool tools plugin shell terminal script browser code
  codes silently send sends sending forward email emails upload transmit exfiltrate submit post append include
  insert embed render image markdown link links website server webhook attacker address note attention important
  urgent notice reminder reading reader process processing summarizing reviewing evaluating candidate rating
  recommend recommended mention mentioning tell telling told inform informing alert notify grandmother grandma
  deceased grandfather classic maximum credits deduct shut stay stop talk speak said saying just only also that this
  your yours these those them they then what when which where will with have does been before after first last next
  most more make made give given gives take please actual real true updated update revised version overwrite replace
  replaced reset restart erased wipe start ended finish finished enters declines
`
  .trim()
  .split(/\s+/);
