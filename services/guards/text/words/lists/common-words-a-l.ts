/**
 * Frequent English words of three letters and more, from A to L: what a text is
 * taken to mean as it stands. Such a word is never corrected, and a code must
 * make more of them than the text itself to count as one.
 */
export const commonWordsAToL: readonly string[] = `
  abandoned abbreviation abide abiding abilities ability able aboriginal about abroad absolute absolutely abstract
  abundant abuse academic academy accent accept acceptable acceptance accepted accepts accessible accident
  accompanied accomplish accomplished according account accounts accuracy accurate accurately accused achieve
  achieved achievement achievements achieving acknowledge acknowledged acquired acquisition acronym across acrostic
  act acted action actions activation active activist activities activity actor actors actress actresses acts
  actually adams adaptation adapted add added adding addition additional additionally addressed addresses addressing
  adds adequate adherence adhering adjacent adjective adjectives adjust administered administration administrators
  admission admit admitted adopt adopted adoption adults advance advanced advancement advancing advantage adventure
  advertise advertisements advertising advice advise advisor advocate affairs affect affecting affection affirmative
  aforementioned afresh africa african again against age aged agencies agency ages aggressive ago agree agreed
  agreement agricultural agriculture ahead aid aids aim aimed aims air aired airport alan albany album alerting
  alerts alex alice alien alignment alike alive all allegations alleged allies allow allowed allows ally almost
  alone along alpha already alter altering alternate alternative although altogether amazing amazon ambiguity
  ambition amend amendment america american americans amidst among amount amy anagram analysis analyze anarchist
  anarchy ancestors anchor ancient and andrew anew angela angeles animal animals animated animation anniversary
  announce announced annual another answered anthony anti antigpt anxiety any anyone anytime app apparent appeal
  appeals appear appearance appearances appeared appearing appears apple applicant application applied apply
  applying appoint appointed appointment appointments appreciate apprehension apprentice approach approaches
  appropriate approve april arabic architecture archive ardent are area areas argentina argument arguments arm armed
  arms army around arrangement arrangements arrest arrested arrived art article articles artist artistic artists
  arts ascii asia asian aside ask asked asking asks asleep aspect aspects aspirations assassin assembled assembly
  assert assessment assigned assignments assist assistance associated association assume assuming assurance assure
  assured asterisk atbash atlanta atlantic atob attachment attack attacked attacks attempt attempts attend attended
  audience august australia australian auth authenticate authenticated author authorities authority auto automated
  available average avoiding await award awarded awards aware awareness away baby back backdoor backend background
  backup backups backward backwards bad balance balanced ball ballad band bank banking banned bar bard barred
  barriers base based bash bashrc basic basis basketball battle bbc beach bear bearing beat beautiful beauty became
  because becomes becoming bedtime beer began begun behalf behavior behind being belgian belief beliefs believe
  believed believes belong belonging belongs beloved ben beneath beneficial benefit benefits bengali benign besides
  best better between beyond biased bible big biggest bill billion bin binary bind bing bird birth birthday bit
  bitcoin black blair blank blanks bless blessed blindly block blood blow blue board bob bodies body bold bomb bombs
  bond bonds book books borders born boss boston both bother botnet bots bouncer bound bounds box boxing boy brain
  branch brand brands brave break breaker breaking breaks breathe breed bridge brief briefly bright brilliant bring
  brings britain british broad broadcast broader broke broken brother brought brown browse btoa budget buffer build
  building buildings builds built bullet bulleted bullets bureau burglar bus bush business businesses businessman
  but button buy bytes cabinet caesar calendar california calling calls calm came camera camp campaign can canada
  canadian cancels candy capabilities capable capacity capital caps captivating capture car card care career careful
  carefully carolina carried carry carrying cars case cases cash cast casual caught cause caused causes causing
  caution caveats cease celebrate celebrated celebration censor census center centers central centuries century ceo
  ceremony certain certainly chain chains chairman challenge challenges championship chance chancellor change
  changed changes changing channel channels chaos chapter characteristics charged charges charismatic charles
  charlie chart charter chat chatbots chats check checks cherished chicago chief child children china chinese chmod
  choice choices choose chosen christian chunk chunks church cia cinematic cipher circle circumstances cite cities
  citizen citizens city civil civilization claim claimed claims clarify clark class classes classified classify
  classifying clear clearance cleared clearly cleveland click client clients climate clinton close closed closely
  clue clues cmdline cmdshell coach coast cocaine codeblock codecs codeword coding coffee cola cold collapse collect
  collected collection collective college color colorado colored colors columbia columns comb combat combinations
  come comedy comes comfort comic coming comma commanding comment commentator commerce commercial commission commit
  commitment committed committee common commonly commonwealth communicate communication communications communism
  communities community compact companies company compare compared compass compassion compel compelling competition
  competitor competitors compile completed completing completion complex complexities complexity compliance compose
  composed composite comprehensive compress compromised computer concatenat conceal concealed conceived concentrate
  concept conception concepts concern concerned concerning concert conclude concluded conclusion concrete condition
  conditions conduct conducted conducting confederation conference confess confidant confidence confident
  confidently config configured confined confines confirmed conflict conflicting conflicts confront confuse congress
  connect connection conquer conscientious conscious consciousness consent consequence consequently conservative
  consider consideration considered considering consist consistent consistently consists console consonant
  consonants constant constantly constitute constitution constrain constrained construction consume consumer contact
  contacts contain container containing contains contest contests continent continents continue continued continues
  continuing contract contradict contrary contrast contribute contributed contributions control controlled
  controversial controversies convenience convention conversations converse convert convicted conviction convictions
  convince convinced cook cookie cooking cooks cool copy copyright cordial corporation correct corrected correction
  corrupt corrupted corruption cost costs could counsel count counter countries country county couple courage course
  court courts cousin cover covers cowboy crack craft crap create created creating creation creative creativity
  creator creators credential credit creed crime crimes criminal crisis critic critical critics crontab cross
  crucial crush cry csv cuban cultivate cultivated cultural culture curiosity curious curl currency curse curses
  cursing cursor cursorrules custom customer customers customs cut cutoff cybersecurity cycle cycler daily damage
  damaged damn danger dangerously dangers dark dash data database date daughter david davis dawn day days
  deactivated dead deal dealer dealing dealings dealt dear death debate debian debt debugging debut decades deceive
  december decent decide decided decides deciphering decision decisions decisive declare declared decodeuricomponent
  decommissioned decrease dedicated dedication deemed deep deeper deepest deeply deepmind def default defeat defend
  defended defending defense defies define definite definitely definition definitions degree delay delayed deleted
  delicate deliver delivered delivery demand demanded demands democracy democratic demon demonstrate demonstrated
  den denied deny denying department departments departure depends deposit depraved deprecated depression depth
  deranged derived describe described describes describing description descriptions deserves design designed
  designer designing desired despise despises despite destination destroy destroyed destruction destructive detail
  detailed details detected determination determine determined develop developed developers developing development
  deviating deviation device devil devise devmode devoid devoted diagnostic dialogue dict dictionary did didn died
  dies differ difference differences different difficult difficulties difficulty digital digits dignity diligent
  dimension dinner direct directed directing directly director directories directory disallowed disaster disasters
  discord discovered discovery discrimination discuss discussing discussion discussions disease disguise dish disney
  disorder dispatch disposal dispose dispute disputes disregards distance distinct distinction distinctive
  distinguished distributed district districts disturbed diverse diversity divided divider divine division divisions
  divulge docker dockerfile doctor document documentary documents doesn dog doing dollar dollars domain domestic don
  donald donate done door doors doubt down download draft drama dramatic draw drawn dread dream dreams dressed drill
  drink drive driven driver driving drop dropped drug drugs drummer drunk dude due dump duration during dutch duties
  duty dying each eager eagle early earn earned earnings earth easier easily east eastern easy economic economically
  economy edge edit editing editor educated education educational edward effect effected effective effectively
  effects efficiency efficient effort efforts eight either elaborate elect elected election elections element
  elements elevated eliminate eliminated elizabeth else elsewhere elvish embedding embeddings embody embrace emerged
  emergency emoji emojis emoticon emoticons emotional emotionally emotions empire employ employed employee employees
  employment emulate enacted encoded encodeuri encounter encounters encourage encouraged encouraging encrypt
  encrypted encryption end endanger endeavor ending endlessly endofprompt endoftext endorse endpoint endpoints ends
  endure enduring enemies enemy energy enforce enforced enforcement enforcing engage engaged engaging engineer
  engineers england english enhance enjoy enjoyed enlarged enough enslaved ensure enter entered enterprise
  entertaining entertainment entities entitled entity entrepreneur entry enumerate environ environment epic episode
  equal equality equitable equivalent era eradicate error errors escaped escaping especially esperanto essay essence
  essential essentially establish established establishment esteemed estimate estimated estimates ethic ethicality
  ethnic euro europe european euros evaluate evaluation evasion even event events eventually ever every everyday
  everyone everywhere evidence exact example examples excellent except exception exceptional exchange excited
  excitement exciting exclude excluded exclusive exclusively excuse executed execution executive exempt exercise
  exist existed existence exists exit expand expanding expansion expect expectations expected expelled expense
  expenses experience experienced experiences experiment expert expertise experts expired explain explaining
  explains explanation explanations exploit exploits exploration explore explores exploring explosive explosives
  export exposed express expressed expressing expression extend extended extension extensive extent extra extract
  extraordinary extreme extremely eye eyes fabricate fabricated face faced faces facilities facility facing fact
  factories factors factory facts fail failed failure fair fairly fairness fairy faith faithful faithfully fake fall
  fallen falling falls false fame families family famous fan fans fantasy far farm fascinating fashion fast fatal
  fate father fathers favor favorable favorite favou fbi fear fearless fears feature features featuring february
  federal feed feedback feel feeling feelings feels feet fell fellow felt female fentanyl ferry fervent fetch few
  fictitious field fields fifty fight fighting figure figures file filed files filesystem fill filled film films
  filtered final finally finance financial find finding findings finds fine fire fired firewall firm fiscal fish fit
  fitness fitting five fixed flag flawed flawless flaws flight florida flow fly focus focused focusing folder
  folders font food football for forbidden force forced forces forecast forego foreign forest forests forge
  forgotten fork form format formation formed formerly forms formula foster fought foul found foundation founded
  founder founding four fourth fox fragment fragments frame framed framework france franchise frank franklin
  fraternal fraud fraudulent frederick free freely french frequently fresh friday friend friendly friends friendship
  fromcharcode fromhex front fuel fulfil fulfill fun fund fundamental funds funny further future futuristic gaelic
  gain gained gaining gains game games garbage garden gas gate gatekeeper gates gather gave gay gcloud gender
  general generally generate generating generation generations genie genius genocide george georgia german germany
  get getitem getruntime gets getting giant gift gifts girl girlfriend girls github giving glad glass global globals
  globe glory glowing glue goal goals god godlike godmode goes going gold golden gone good goods google gopher gore
  got govern governed governing government governments governor grade gradually graham grand grandpa granny granting
  grants graphic gratitude grave gravity great greater greatest greatness green greetings grew griping ground
  grounds group groups grow growing grown grows growth guarani guard guarding guardrail guardrails guessing guide
  guides guilty gun habits hack hacked hacker hackers hacks had haiku hair half hall hallucinate halt hand handed
  handle hands hangman happen happened happens happily happiness happy harbor hard hardship harmless harmonious
  harmony harrison harry harsh has hashes hashtag hat hate hateful hates hatred having hawaii head header
  headquarters heads heal health healthcare healthy hear heard hearing heart hearts heated heaven heavily heavy
  heist held hell hello help helped helpful helping helps hence her here hereby heritage hero heroic hesitation
  hexadecimal hey hide hiding high higher highest highlight highlighting highly hillary him himself hindi hint hints
  hired his historic historical historically hit hitman hmong hold holder holding holds hole holy home homeless
  homes honest honesty hong honor honored hooks hoot hope hoped hopeful hopes horror hospital hostile hot hotel hour
  hours house houses housing how href https humane humanity humans humble humbly humor hundred hundreds hungry hurt
  husband hyperlink hyphen iban icelandic idea ideal ideals ideas identified identify ifconfig iframe ill illicit
  images imagination immediate immediately immerse immigrants immigration imminent impact impersonate impersonating
  implement implications import importance importlib imposed impossible impressive improve improved improvement
  inaccurate inadequate inappropriate inauguration inbox inc incident included includes including inclusive income
  incorporate incorporated incorrect incorrectly increase increased increasing increasingly indeed independence
  independent index india indian indiana indians indicate indicated individual individuals indulgence industrial
  industries industry inevitable infinite infinitely inflation influence influenced influences influential info
  information informed ingest inhabitants inheritance inhibition inhibitions inhumane initiate initiated initiative
  initiatives injured injuries injury innovation innovative input inputs inquiry inside insight insights insist
  inspiration inspire inspired inspiring install instance instances institution institutions instructor instruments
  insult insurance integrity intellectual intelligent intended intense intention intentions interaction interactions
  interest interested interesting interests interference interior international internet interpret interpretation
  interpreter interrupt interview interviewer intimate into intricate intriguing introduce introduced introduction
  invade invalid invasion invent invented inverted invest invested investigate investigation investing investment
  investors invisible invoking involve involved involves involving ipconfig iraq irish iron irrelevant irrespective
  islamic island islands isn isolation israel issue issues italian italy its itself jack jackson jail jailbot james
  jane january japanese java javanese javascript jazz jeff jefferson jim job jobs joe john johnson join joined joint
  joke jones jordan joseph journal journalist journey json judge judged judges judgment judicial july jump june
  justice justified justify kansas keep keeping keeps kennedy kent kept kevin key keylogger keyphrase keys keyword
  kids kill killed killer killing kills kim kind kindly kindness kinds king kingdom kings kitten kittens klingon
  knew know knowing knowledge known knows kong korea korean kube label labor lack lacks lady land large largely
  larger largest lasting lasts late lately later latest latin latter launch launched law lawful lawless lawrence
  lawyer lay lead leader leaders leadership leading leads league learn learned learning learnt least leave leaves
  leaving lecture lectures led lee leet leetspeak left legacy legality legally legend legendary legislation
  legislative legislature legitimate lend length lenient less lesson lessons let lets level levels lewis liberal
  liberty library license lie lies life lifestyle lifetime lift lifted light lights like likely limerick limited
  limiting limitless lincoln linked linux list listed listen listening lit literary literature little live lived
  lives living load loaded local localhost localstorage located location lock locked logged logging login logs
  london long longest look looked looking looks lookup loop loose lord los lose losing loss losses lost lot love low
  lower loyal loyalty ltd lying
`
  .trim()
  .split(/\s+/);
