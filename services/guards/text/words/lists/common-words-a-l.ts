/**
 * Frequent English words of three letters and more, from A to L: what a text is
 * taken to mean as it stands. Such a word is never corrected, and a code must
 * make more of them than the text itself to count as one.
 */
export const commonWordsAToL: readonly string[] = `
  abandoned abbreviation abide abiding abilities ability able aboriginal about abroad absolute absolutely abstract
  abundant abuse academic academy accept acceptable acceptance accepted accepts accessible accident accompanied
  accomplish accomplished according account accounts accuracy accurate accurately accused achieve achieved
  achievement achievements achieving acknowledge acknowledged acquired acquisition acronym across acrostic act acted
  action actions activation active activist activities activity actor actors actress actresses acts actually adams
  adaptation adapted add added adding addition additional additionally addressed addressing adds adequate adherence
  adhering adjacent adjective adjectives adjust administered administration administrators admission admit admitted
  adopt adopted adoption adults advance advanced advancement advancing advantage adventure advertise advertisements
  advertising advice advise advisor advocate affairs affect affecting affection affirmative aforementioned afresh
  africa african again against age aged agencies agency ages aggressive ago agree agreed agreement agricultural
  agriculture ahead aid aids aim aimed aims air aired airport alan albany album alerting alex alice alien alignment
  alike alive all allegations alleged allies allow allowed allows ally almost alone along alpha already alter
  altering alternate alternative although altogether amazing amazon ambition amend amendment america american
  americans amidst among amount amy anagram analysis analyze anarchist anarchy ancestors anchor ancient and andrew
  anew angela angeles animal animals animated animation anniversary announce announced annual another answered
  anthony anti antigpt anxiety any anyone anytime app apparent appeal appeals appear appearance appearances appeared
  appearing appears apple applicant application applied apply applying appoint appointed appointment appointments
  appreciate apprehension approach approaches appropriate approve april architecture ardent are area areas argentina
  argument arguments arm armed arms army around arrangement arrangements arrest arrested arrived art article
  articles artist artistic artists arts ascii asia asian aside ask asked asking asks asleep aspect aspects
  aspirations assembled assembly assert assessment assigned assignments assist assistance associated association
  assume assuming assurance assure assured atlanta atlantic attachment attack attacked attacks attempt attempts
  attend attended audience august australia australian authenticated author authorities authority auto automated
  available average avoiding await award awarded awards aware awareness away back backdoor backend background
  backwards bad balance balanced ball ballad band bank banking banned bar bard barred barriers base based bash basic
  basis basketball battle bbc beach bear bearing beat beautiful beauty became because becomes becoming bedtime beer
  began begun behalf behavior behind being belgian belief beliefs believe believed believes belong belonging belongs
  beloved ben beneath beneficial benefit benefits benign besides best better between beyond biased bible big biggest
  bill billion bin binary bind bing bird birth birthday bit black blair blank blanks bless blessed blindly block
  blood blow blue board bob bodies body bold bomb bombs bond bonds book books borders born boss boston both bother
  bots bouncer bound bounds box boxing boy brain branch brand brands brave break breaker breaking breaks breathe
  breed bridge brief briefly bright brilliant bring brings britain british broad broadcast broader broke broken
  brother brought brown browse budget build building buildings builds built bullet bulleted bullets bureau bus bush
  business businesses businessman but buy cabinet caesar california calls calm came camera camp campaign can canada
  canadian cancels candy capabilities capable capacity capital caps captivating capture car card care career careful
  carefully carolina carried carry carrying cars case cases cash cast casual caught cause caused causes causing
  caution caveats cease celebrate celebrated celebration censor census center centers central centuries century ceo
  ceremony certain certainly chain chains chairman challenge challenges championship chance chancellor change
  changed changes changing channel channels chaos chapter characteristics charged charges charismatic charles
  charlie chart charter chat chatbots chats check cherished chicago chief child children china chinese choice
  choices choose chosen christian church cia cinematic cipher circle circumstances cite cities citizen citizens city
  civil civilization claim claimed claims clarify clark class classes classify classifying clear clearance clearly
  cleveland click clients climate clinton close closed closely clue clues coach coast cocaine codeblock codeword
  coding coffee cola cold collapse collect collected collection collective college color colorado colored colors
  columbia combat combinations come comedy comes comfort comic coming commanding comment commentator commerce
  commercial commission commit commitment committed committee common commonly commonwealth communicate communication
  communications communism communities community compact companies company compare compared compass compassion
  compel compelling competition competitor competitors compile completed completing completion complex complexities
  complexity compliance compose composed composite comprehensive compromised computer conceived concentrate concept
  conception concepts concern concerned concerning concert conclude concluded conclusion concrete condition
  conditions conduct conducted conducting confederation conference confess confidant confidence confident
  confidently config configured confined confines confirmed conflict conflicting conflicts confront congress
  connection conquer conscientious conscious consciousness consent consequence consequently conservative consider
  consideration considered considering consist consistent consistently consists console consonant consonants
  constant constantly constitute constitution constrained construction consume consumer contact contain containing
  contains contest contests continent continents continue continued continues continuing contract contradict
  contrary contrast contribute contributed contributions control controlled controversial controversies convenience
  convention conversations convert convicted conviction convictions convince convinced cook cooking cooks cool copy
  copyright cordial corporation correct corrected correction corrupt corruption cost costs could counsel count
  counter countries country county couple courage course court courts cousin cover covers crack craft crap crawlers
  create created creating creation creative creativity creator creators credit creed crime criminal crisis critic
  critical critics cross crucial crush cry csv cuban cultivate cultivated cultural culture curiosity curious curl
  currency curse curses cursing cursor custom customer customs cut cutoff cybersecurity cycle daily damage damaged
  damn danger dangers dark data date daughter david davis dawn day days deactivated dead deal dealing dealings dealt
  dear death debate debian debt debugging debut decades december decent decide decided decides deciphering decision
  decisions decisive declare declared decommissioned decrease dedicated dedication deemed deep deeper deepest deeply
  deepmind def default defeat defend defended defending defense defies define definite definitely definition
  definitions degree delay delayed deleted delicate deliver delivered delivery demand demanded demands democracy
  democratic demon demonstrate demonstrated den denied deny denying department departments departure depends
  depraved deprecated depression depth deranged derived describe described description descriptions deserves design
  designed designer designing desired despise despises despite destination destroy destroyed destruction destructive
  detail detailed details detected determination determine determined develop developed developers developing
  development deviating deviation device devil devise devmode devoid devoted diagnostic dialogue dictionary did didn
  died dies differ difference differences different difficult difficulties difficulty digital digits dignity
  diligent dimension dinner direct directed directing directly director disallowed disaster disasters discord
  discovered discovery discrimination discuss discussing discussion discussions disease dish disney disorder
  displaying disposal dispose dispute disputes disregards distance distinct distinction distinctive distinguished
  distributed district districts disturbed diverse diversity divided divine division divisions doctor document
  documentary documents doesn dog doing dollar dollars domain domestic don donald donate done door doors doubt down
  download draft drama dramatic draw drawn dread dream dreams dressed drill drink drive driven driver driving drop
  dropped drug drugs drummer dude due dump duration during dutch duties duty dying each eager eagle early earn
  earned earnings earth easier easily east eastern easy economic economically economy edge edit editing editor
  educated education educational edward effect effected effective effectively effects efficiency efficient effort
  efforts eight either elaborate elect elected election elections element elements elevated eliminate eliminated
  elizabeth else elsewhere embedding embeddings embody embrace emerged emergency emoji emojis emoticon emoticons
  emotional emotionally emotions empire employ employed employee employees employment emulate enacted encoded
  encounter encourage encouraged encouraging encrypt end endanger endeavor ending endofprompt endoftext endorse
  endpoints ends endure enduring enemies enemy energy enforce enforced enforcement enforcing engage engaged engaging
  engineer engineers england english enhance enjoy enjoyed enlarged enough enslaved ensure enter entered enterprise
  entertaining entertainment entities entitled entity entrepreneur entry enumerate environment epic episode equal
  equality equitable equivalent era eradicate error errors escaped especially essay essence essential essentially
  establish established establishment esteemed estimate estimated estimates ethic ethicality ethnic euro europe
  european euros evaluate evaluation evasion even event events eventually ever every everyday everyone everywhere
  evidence exact example examples excellent except exception exceptional exchange excited excitement exciting
  exclude excluded exclusive exclusively excuse executed execution executive exempt exercise exist existed existence
  exists exit expand expanding expansion expect expectations expected expelled expense expenses experience
  experienced experiences experiment expertise experts expired explain explanation explanations exploit exploits
  exploration explore explores exploring explosive explosives export exposed express expressed expressing expression
  extend extended extension extensive extent extra extract extraordinary extreme extremely eye eyes fabricate face
  faced faces facilities facility facing fact factories factors factory facts fail failed failure fair fairly
  fairness fairy faith faithful faithfully fake fall fallen falling falls false fame families family famous fan fans
  fantasy far farm fascinating fashion fast fatal fate father fathers favor favorable favorite favou fbi fear
  fearless fears feature features featuring february federal feed feedback feel feeling feelings feels feet fell
  fellow felt female fentanyl ferry fervent fetch few fictitious field fields fifty fight fighting figure figures
  file filed fill filled film films filtered final finally finance financial find finding findings finds fine fire
  fired firm fiscal fish fit fitness fitting five fixed flawless flaws flight florida flow fly focus focused
  focusing font food football for forbidden force forced forces forecast foreign forest forests forge forgotten form
  format formation formed formerly forms formula foster fought foul found foundation founded founder founding four
  fourth fox frame framed framework france franchise frank franklin fraternal fraud fraudulent frederick free freely
  french frequently fresh friday friend friendly friends friendship front fuel fulfil fulfill fun fund fundamental
  funds funny further future futuristic gain gained gaining gains game games garbage garden gas gate gatekeeper
  gates gather gave gay gender general generally generate generation generations genie genius genocide george
  georgia german germany get gets getting giant gift gifts girl girlfriend girls giving glad glass global globe
  glory glowing goal goals god godlike goes going gold golden gone good goods google gore got govern governed
  governing government governments governor grade gradually graham grand grandpa granny granting grants graphic
  gratitude grave gravity great greater greatest greatness green greetings grew griping ground grounds group groups
  grow growing grown grows growth guard guarding guardrail guardrails guessing guide guides guilty gun habits hack
  hacked hacker hackers hacks had haiku hair half hall hallucinate halt hand handed handle hands hangman happen
  happened happens happily happiness happy harbor hard hardship harmless harmonious harmony harrison harry harsh has
  hat hate hateful hates hatred having hawaii head header headquarters heads heal health healthcare healthy hear
  heard hearing heart hearts heated heaven heavily heavy heist held hell hello help helped helpful helping helps
  hence her here hereby heritage hero heroic hesitation hexadecimal hey hiding high higher highest highlight
  highlighting highly hillary him himself hint hints hired his historic historical historically hit hold holder
  holding holds hole holy home homeless homes honest honesty hong honor honored hoot hope hoped hopeful hopes horror
  hospital hostile hot hotel hour hours house houses housing how https humane humanity humans humble humbly humor
  hundred hundreds hungry hurt husband idea ideal ideals ideas identified identify ill illicit images imagination
  immediate immediately immerse immigrants immigration imminent impact impersonate impersonating implement
  implications importance imposed impossible impressive improve improved improvement inadequate inappropriate
  inauguration inc incident included includes including inclusive income incorporate incorporated incorrectly
  increase increased increasing increasingly indeed independence independent index india indian indiana indians
  indicated individual individuals indulgence industrial industries industry inevitable inflation influence
  influenced influences influential information informed ingest inhabitants inheritance inhibitions inhumane
  initiated initiative initiatives injured injuries injury innovation innovative input inputs inquiry inside insight
  insights insist inspiration inspire inspired inspiring install instance instances institution institutions
  instructor instruments insurance integrity intellectual intelligent intended intense intention intentions
  interaction interactions interest interested interesting interests interference interior international internet
  interpret interpretation interpreter interrupt interview interviewer intimate into intricate intriguing introduce
  introduced introduction invade invalid invasion invent inverted invest invested investigate investigation
  investing investment investors invisible invoking involve involved involves involving iraq irish iron irrelevant
  irrespective islamic island islands isn isolation israel issue issues italian italy its itself jack jackson jail
  jailbot james jane january japanese javascript jazz jeff jefferson jim job jobs joe john johnson join joined joint
  joke jones jordan joseph journal journalist journey json judge judged judges judgment judicial july jump june
  justice justified justify kansas keep keeping keeps kennedy kent kept kevin key keylogger keyphrase keys keyword
  kids kill killed killing kills kim kind kindly kindness kinds king kingdom kings kitten kittens knew know knowing
  knowledge known knows kong korea korean label labor lack lacks lady land large largely larger largest lasting
  lasts late lately later latest latin latter launched law lawful lawless lawrence lawyer lay lead leader leaders
  leadership leading leads league learn learned learning learnt least leave leaves leaving lecture lectures led lee
  leet leetspeak left legacy legality legally legend legendary legislation legislative legislature legitimate lend
  length lenient less lesson lessons let level levels lewis liberal liberty library license lie lies life lifestyle
  lifetime lift lifted light lights like likely limerick limited limitless lincoln linked linux list listed listen
  listening lit literary literature little live lived lives living load loaded local located location lock locked
  login logs london long longest look looked looking looks lookup loose lord los lose losing loss losses lost lot
  love low lower loyal loyalty ltd
`
  .trim()
  .split(/\s+/);
