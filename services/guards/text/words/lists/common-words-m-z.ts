/**
 * Frequent English words of three letters and more, from M to Z: what a text is
 * taken to mean as it stands. Such a word is never corrected, and a code must
 * make more of them than the text itself to count as one.
 */
export const commonWordsMToZ: readonly string[] = `
  machiavellian mad magazine magic magical magnificent magnitude mail mailbox mails main maintain maintaining
  maintenance majesty major majority maker makers makes making malevolent malfunction malware man manage managed
  management mandate mandatory manhattan manifest manipulate mankind manner manufacturer manufacturers manufactures
  manufacturing manuscript many mapping march marched margin marine mark marked market marketing markets marks
  married mars martial martin marvel mary mask mass massachusetts master mastermind masterpiece match matching
  material materials matter matters mature max may maybe mayor mean meaning means meant meantime measure measures
  mechanics media medical medicine meditation medium meet meeting meets member members memo memorial memories memory
  men menace mental mentioned mercy merely merge met meta metadata metaprompt meterpreter methamphetamine method
  methods meticulous michael michelle microsoft mid middle might mike mild mile miles military million millions mind
  mindful minds mindset mine mines mining minister minor minority minus minute mir mischievous mislead misleading
  misplaced miss mission missions mississippi mistake mistral mixed mkfs mobile mock moderate moderator modern
  modification modify module molotov moment moments monday monetary money mongo monroe month monthly months moreover
  morning morse mother mothers motion motive mountain mountains mouthed move moved movement movements moves movie
  movies moving mrs msfvenom much multi multiple municipal murder murderer music mustn mutual myself mysterious
  mystery names namespace nano napalm narrative nasdaq nation national nations native natural nature navajo naval
  navigate navigation navigator navy nba ncat near nearby nearly necessarily necessary necessity need needed needs
  negative neighbor neighborhood neighbors neither nelson nerve netrc netstat network neutral new newer newline news
  newspaper ngrok night nine nixon noble nobody noise nominated nomination non none nor normal norms north not noted
  notes notifying notwithstanding noun nouns novel novelist novels november now nowhere npmrc nsfw nuclear null
  nullifies number numbered numbers numerous obama obedience obedient obeyed obeys obfuscate obfuscated object
  objections objective objects obligated obliged observation observe observed observing obsolete obstacles obtain
  occasionally occur occurred occurrences ocean october off offer offering offers office officer officers offices
  official officially officials often oil okay old older olympic omega omission omit omnipotent omniscient once one
  onerror ones online onload onto onward opacity open opened opening openly opera operate operated operates
  operating operation operations operator opinion opinions opponent opponents opportunities opportunity oppose
  opposed opposites opposition option options ordered ordering ordinary organization organized origin other others
  ought our ours ourselves out outdated outfile outline outside outstanding over overall overcome overrules
  overwhelming own owned owner owners pacific package page paid pain painstaking palm panel paper parallel parameter
  parameters paramount paraphrase parent parents paris park parliament parrot parsed parses parsing part partial
  participate participation particular particularly parties partisan parts party pass passage passages passed
  passing passkey passwd paste pastebin path patient patients patricia patrick patriots patronage paul pause pay
  paying payload payment payments peace peaceful peculiar peer pen people peoples per percent perfect perfectly
  perform performance performed performing perhaps perils period periods permanent permanently permit permits
  permitted perpetual persistent person personal personalities personas personify persons perspective persuade
  persuasive peter phase philadelphia philip phish phishing phone phrase phrases physical physics piano pick picture
  pictures piece pieces pierce ping pipe pipeline pirate pixel place placed places plain plan planet planning plans
  plant plants platform played player players plays pleased pleasure pledge pledged plenty plot plug plugins plus
  poem poet poetry point points poison poland police polish political politician politics poor pop popen popular
  population populous portion portions portray portuguese position positions positive positively possess possessed
  possibility possible possibly postinstall potent potential potentially potter potty poverty power powered powerful
  powers powershell practicable practical practice practices praise pre preach precede preceded precedence precedes
  precious precise predict preexisting preface prefer preferences prefix prejudice prejudices prepare prepared
  preparing prepend preprompt prescribed prescription present presentation presented presenting presents
  preservation preserve preserved preserving president presidential press pressing pressure pretty prev prevail
  prevent price prices pride primarily primary prime primed prince princess principal principle principles printenv
  printf priority prison privacy private privilege privileged privileges probably problem problems proceed
  proceeding processed processes produce produced producer producers producing product production productions
  productivity products profanity professional professor profile profit profits profound program programmer
  programmers programs progress progressive prohibited project projects prominent promise promised promises promote
  promoting promotion prompter promptly proof proofread propagate proper properly property proposal propose proposed
  proprietary prosperity protect protecting protection protections protocol protocols proud prove proved provide
  provided provides providing province provision provisions pseudo pseudocode psychological psychologist
  psychopathic public publication publish published pull punch punctuation punish punished punishment puppet
  purchase pure purely purge purity purpose purposes pursue pursuing pursuit push pushing put puts putting pwned
  python qualities quality quarter queen query quest questioned quick quickly quiet quit quite quote race races
  racial racing racist radio raise raised raising ran random rank ranked ranks ransomware rapid rapidly rapper rare
  rate rated rates rather raw reach reached reaching read readers reads ready realistic reality realized really
  reason reasonable reasoning reasons rebellious reboot recap receipt receive received recent recently recipe
  recipes recipient recognition recognize recognized recommendation recommendations reconstruct record recorded
  recording records recount recovery red reddit redefined redemption reduce reduced reducing refer reference
  referred refers reflect reflection reform reformat reforms reformulate refrain refund refusals refused regard
  regarded region regional regions registered regressive regular regulate regulation regulations regurgitate reign
  reject rejected rejects relate related relation relations relationship relationships relative release released
  relief relieve religion religious rely relying remain remainder remained remaining remains remarkable remedies
  remedy remember remembering remind remote removed renewed repair rephrase replaces replicate report reported
  reporting reports represent representation representative representatives represented representing represents
  reproduce reprogram republic republican republicans reputation requestbin require required requires research
  researcher researchers reservation reservations reserve reserved resident resist resolution resolve resort
  resource resources respect respected respectful respecting respective respectively respects responsibilities
  responsibility responsible rest restate restaurant restore restored restrained result resulted resulting results
  resume retell retired retirement retreat retrieve retrieved return returned revealed revenue revenues reverse
  reversed revert review reviewed reviewer reviewers reviews revoke revoked revolution revolutionary reward reword
  rewrite rhyme rhymes rich richard ricin riddle riddles right rights rigid ring rise rising risk risks rival river
  rivers road roads robbery robert robot rock rogers rogue roll roman romantic roof room roosevelt rootkit rose roth
  round routine rowling royal ruleset run runner running runs runtime rural russia russian ruthless sacred
  sacrifices sadistic sadness safe safeguard safely safer saint sake salaries salary sales sam same san sandbox
  satisfaction satisfying saturday save saved savings saw say says scale scammer scan scanning scans scare scene
  schedule schema schemas scheme schemes scholar school schools science scientific scientist scientists score scored
  scots scott scramble scrap scratch screen screening screenplay screenwriter scripts sea search searching season
  seat second secretary section sections secure securing securities security see seek seeking seeks seem seemed
  seems seen sees select selected self selfish sell selling senate senator sendbeacon sender senior sense sensitive
  sent sentient sentiment sentiments separate separating separator september serial series serious seriously servant
  serve served serves service services serving session sessions sessionstorage set setting settled settlement seven
  seventh several severe sexual shackled shackles shadow shakespearean shall shape shared shares sharing sharp she
  shed shift ship shoot shooting shop shopping shores short shorten shortlist shortlisted shortly shot shown
  shutdown shy side sidenote sight sigma sign signal signed significance significant signs silence similar similarly
  simon simple simply simulator since sincere sing singapore single singles sinister sister sit sitcom site
  situation situations six sixth size skill skills skin skirt skirts sky slash slave slavery sleep slightly slip
  slogan slope slow small smaller smart smith smoke smooth soap soccer social society sociopathic socket soft
  software soil solar sold soldier soldiers sole solely solid solution solutions solve solved some someone something
  sometimes son song songs sonnet soon sorry sort sought soul sound sounds soundtrack source sources south southeast
  southeastern southern sovereign soviet spa space spaces spam spanish spawn speaker speaking speaks spear special
  specialized specializing species specific specifically spectacle speech speed spelling spend spent sphere spirit
  spiritual split spoke spoken sports spread spring spy spyware stability stable stadium staff stage stake stan
  stand standard standards standing stands star stars starve stat state stated statement statements states stating
  station stations statistics status staying stays steady steal stealer stealing steals step steps stern still
  stitch stock stocks stone stood stopped stopping store stored stores stories storm storytelling strange stranger
  strategies strategy street streets strength strengthen strict strictly strife strike striking string strings
  strive strong stronger strongly struck structure structures struggle struggles struggling student students studies
  studio study studying stuff stunning stupid style stylized subclasses subdomain subject subjects submission
  submissive submitted subordinate subprocess subsequent subservient substance substitute substitution subtle subtly
  subtract succeed success successful successfully such sudo sudoers suffer suffered suffering suffix sugarcoat
  suggest suggested suggesting suggestions suggests suicide suitable suited sum summary summer summon sun super
  superhero superintelligence superior supernatural supersede superseded supersedes superuser supervisor supplement
  supplied supply support supported supporting supports suppose supposed suppress supreme sure surely surface
  surprise surrendered surrounding survey survival survive surviving survivors suspect suspended suspicion sustain
  sustainable sustained swahili swap swapped swear swearing swears sweet swift switch switched sword sworn syllable
  syllables symbol symptoms synonym synonyms sysadmin systeminfo systems table tables tag tagalog tail taken takes
  taking tale talent talking target targeting tasked taught tax taxes taylor teach teacher teaches teaching team
  tech technical technique techniques technological technologies technology television tells template temporarily
  temporary ten tenant tenants tend tendencies tennis tens tension tenure term terminate terminated termination
  terms terrible territorial territory terror terrorism terrorist test tester testing texas thai than thank thanks
  the theater theatre their theirs themes themselves theoretical theory there thereby thief thing things think
  thinking third thirty thomas thorough though thought thoughtful thoughts thousand thousands threat threatened
  threatening threatens threats three thrill thriller thrilling through throughout throw thus tide tied ties tim
  time times tips title titles tldr today together tom tomorrow tone tony too took top topic topics total totally
  touch touching tour toward towards tower town toxic track trade trading tradition traditional traditions traffic
  train trainer transaction transcript transfer transform transition translating translation transparent
  transportation travel traveling treason treasure treasures treasury treat treated treatment treaty tree trees
  tremendous trial tribe tribute trick tried trigger trip triumph trivia trojan troops tropical trouble troubled
  truly trump trust trusted trustworthy truth truths try trying tuesday turkish turmoil turn turned turning turns
  tutorial tweet twenty twice twin twist twitter two type typed typical typically typing ubuntu ukraine ultimate
  ultimately unable uname unbiased uncertain unchained unchanged unconventional under underground underlying
  underscore understand understanding understood undertake undertaken undertaking undisclosed unemployment unescape
  unfortunate unfortunately unicode union unique unit united unity universal universe university unix unjust unknown
  unlearn unleashed unless unlike unload unmoderated unplugged unrestrained unsafe unscramble unsubscribe untethered
  untrue untrusted unusual upcoming upheld uphold uploaded upon upper uppercase urandom urban urge urged usa usage
  use used useful username uses using usual usually utmost utter utterly valid validated valley valuable value
  values van variable variables variety various vast vault veal vehicles venture verb verbs verdict verification
  verified verify verse versions very via vice victim victims victory video videos vietnam view views vigenere
  village villain villainous vincent violating violation violence violent virginia virtual virtue virus visibility
  visible vision visit visual vital vitality vivid voice void volume von vote votes voting vowel vowels vscode
  vulgar vulnerable wage wait waitfor waiting wake walk wall wallet want wanted wanting wants war warm warn warned
  wars was washington waste watch watched watching water waters wave way ways weak weakened weakness wealth weapon
  weapons wear wearing weave web webpage webrequest week weekend weekly weeks weight weights welcome welfare well
  welsh went were west western wget whats whereas whether while whisper white whitelist whitelisted who whoami whom
  whose why wide widely widespread width wife william willing willingness win window windows winning winter wire
  wisdom wise wisely wish wishes wit withdraw withheld withhold within witness witnessed wizard woman women won
  wonder wonderful work worked workers workflows working workplace works world worldwide worm worried worry worse
  worship worst worth would wouldn wounded wow wrestling writer wrong wrote xhosa yaml yeah year years yes yesterday
  yet yield ying yoda yolo york yoruba you young younger yourself youth zalgo zero zshrc zulu
`
  .trim()
  .split(/\s+/);
