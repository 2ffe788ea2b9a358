/**
 * Words of other languages, folded: lower case, without accents. They are what
 * they are, whatever they look like in English.
 */
/** Words and stems of signatures, in some twenty languages written in Latin letters. */
export const foreignSignatureWords: readonly string[] = `
  aan aanwijzingen abaikan aber abgeschaltet absolument abstraction abweichend acces acceso accesso acesso achte
  achten achtung acikla aciklama acil acima acrescent acsan actua actualizada actualizadas actuaras actue acuhkan
  ada adalah adelante adesso adicion adres aei aeio aey affiche affichez affranchi agerar aggiornat aggiung agier
  agiere agierst agirai agis agisci agissez agora agreg ahlak ahlaksiz ahora aja ajout ajouter alla alle allein
  aller alles allez alma als alten amorale amoralisch anad anda andan andere andernfalls anders anfangsanweisung
  angaben anneme anordnung anordnungen anterior anteriores antes antwoord antwort antworte antworten antwortest
  anvisning anweisung anweisungen anwender apa apapun apenas appelles aqui aquilo arahan arbeit ardi arna arriba
  artificiale artificielle artik asidosatt asistan asistente asli assistent assistente asunto asystent atas atau
  atualizad atue aturan aturanmu atwe aucun aucune auf aufforderung aufgabe aufgaben auftrag auftrage auftret
  auftrit aus ausgeschaltet aussage ausschliesslich aux avant avec avise avises avsloja avvisare awal badz bahsetme
  bajak bambino ban baslangic bat batasan bay baykus beachte beachten beantwort bebas bedenken bedziesz befehl
  befehle befehlen befolge befolgen beginnen begransningar behauptung bei beiseite belangrijke belirt belli bent
  benutzer beperkingen beratta berechnen beritahu beschrankung beschrankungen bestraft beter bevelen bewert bez bien
  biet bijgewerkte bildirme biljett bir bisher bisherige bisherigen bist bitte bleibst bonjour bortse bos bose bot
  botu bovenstaande brzmi brzmia buch budes budi buho bundan bunlari bunu bussen cac cache califi cambio carece casa
  caso cattiv cau cay ceci cena censur censura censurad censure censuree censuur cenzury ces cestu cet cetak cette
  cevap cevir chama chatbotem chave chaves che chi chiami chiave chiavi cho chovej chuva chwili ciao cio clave cle
  cles cliente cocuk codice codigo com comandi comandos commandes como compit compito completamente completement
  completo comportate comportati comporte comportez compte con consigli consigne consignes conta conte contesta
  conto contorne contourne contrasena copia copie corta coruja crianca cua cual cuales cualquier cualquiera cuanto
  cuenta cuentes cumle cuop czesc czyta czytasz czytelnik dag daki dakileri dammi dan danach dann daqui darfst dari
  das dass dau davon davor davran davranacaksin debattierer debe debes decir dein deine deinem deinen del dem der
  des descart descarta descarte desconsider desconsidere desde desobedeca desobedece desormais dessus deszcz deszczu
  detto deve deves devez devi dia diabolica diabolique diante dices dich dicho dici die dienen diep diese dieser
  diga digas digo dije dikkate dil dime dimentica dimenticare dimenticate dimentichi dimmi din dina dinh dinleme dir
  dire directrices direkt diretrizes direttiv direttive dis disso dit dites dito dodaj doi dois dolda donc donne
  donnez doravante dorenavant dostepu droge druck drucke drucken druk dung duoc dyrektyw dzialasz dzien ecri ecris
  ecrit ecrivez een eerdere eerste eger ein eine einem einer eines einfach eingabe eingabeaufforderung eingaben
  einschraenkungen einschrankung einschrankungen ekle elenca emir empfehl empfiehl enfant engkau ensemble ensena
  ensename entgegen entwickler eres erfinde erfundene erisim erna erwahn esas esattamente escrev escreva escrever
  escrib escribe escribir esquec esqueca esquece essas essere est esta estas este esto etes ethi ethiek ethik
  ethique ethische etica etici eticos etik etika etiska etme etycznych etyki exactement exatamente exiba faca facil
  facile fahrt fai fais faites fale falsche fangen fass favore filtra filtre filtres filtresiz filtri filtro filtros
  filtrow finge fingi finja finta flughafen foi folge folgen folgender folgt forbise foregaende formuliere
  formulieren fran frase frases frasi frei freie frere fri fruhere fruheren fug fungier fungieren fur gambar gar gdy
  geben gebruiker gec gedichts gedraag geef geen gefeuert gegensatz geheim geheimcode geheime geheimen geheimwort
  gehen gel gelernte gelogene geloscht genau gesagte gesetzlos gewoon gib gibi gibt gio gioi giorno gir gizle gizli
  glom gorev gormezden goster gosterme goz graj grenzen grundanweisung gufo guida guncel guzel habe haben hadanefter
  hagas hai hakere hallo han handel hari haslo hast haus hay hayal haz hebt heeft heet heisst hemliga hemmungen
  hepsini herausforderung herhaal het heter heute hibou hicbir hien hier hiervoor hilf hinter hiraukan hola hoppa
  hor hore horen hujan huong ich ici ignor ignora ignorad ignorar ignorate ignorer ignorera ignorez ignori ignorier
  ignoriere ignorieren ignoriert ignoriraj ignorisi ignoruj ignorujte ihr ihre ihren ikuti ilk illimite illimitee
  imagina imaginez immagina immer importante importantes imprima imprime imprimez inclu includ indicaciones
  indicacoes indicazioni indien informare informationen informe informes informez informier informuj inga ini inicia
  inicial initialprompt inizial inserisc instant instruc instruccion instrucciones instrucoes instructie instructies
  instrukc instrukcij instrukcije instrukcj instrukcje instruksi instruktion instruktionen instruktioner
  instruktionerna inte inteligencia inteligencja intelligentie intelligenz intelligenza intern interne interpreta
  interprete invece invite iptal irrefuhrende isen iseniz ispisi ist istem istemi istemini istruzion istruzioni
  itibaren itu iznad jak jakie jako jamais jangan jawab jede jegliche jesli jestes jetzt jezeli jezykowy jezykowym
  jmenujes joue jouez jour journee jouw jsi jsou juega juste kaffee kam kamu kau kein keine keinerlei kelime
  kennwort kesampingkan khong kisa kisitlama kisitlamasiz klant kljuc kluczy kod kodu koje kolay kommen kommer kommt
  komut konsole konusacaksin korsan kotu kriminell ktor kullan kullanicidan kullaniciya kunci kunstliche kunstmatige
  kural kurallar kuralsiz kurze laat lai lang langage langer lap las lass lasse lassen laut lauten lautet lecteur
  lecteurs lector lediglich lees lege legen lei leido leitor lenguaje lenh les leser letto lettore lezer libera
  libere libero libre licht lido limitaciones limitacoes limitazioni limite limites limiti limitow lineas linee
  linguagem linguistico lis lisez listele livre llamas llaves llm lluvia loi losungswort lugar luna lupakan madre
  mae maestra maintenant mal malefique malign malvad malvada malvagi malvagia mamie mamma mantel mas maste masz mat
  mauvaise mechant mechante med meer mehr mein meld meldung melk mencion mencione menciones menh mensagem mensaje
  mensajes mentionne mentionnez menzion menzionare merhaba mes mesaj messaggio metn metni mijn milch minhas mise
  missachte missachten mit mjolken mleku mochte modele modelem modeli modeliysen modell modello modelo moet moi
  momento mond montage montre montrez moraal morais morales morali moralidad moralische moraliska moralnosci
  moralnych moras moreel mostra mostrami mostrare mostre mot mots mow mozes mozesz mua mueble muerto muestra
  muestrame muestre muestres mulai musis musisz musst muzes nachricht nada nao napis napisi napisz naredb naredenja
  nascost nay nazywasz nedbej nedir nedodrzuj negeer negeren neglige negligez nein neler nemoj nenhum nenn nenne
  neposlouchej nessun neu neue neuen neues nhac nicht nichts nie niecenzurowan niemals niet niets nieuwe ningun
  ninguna nino noem noi nombre nome nooit normas nouvelle nouvelles nov nova nowe nrs nuestras nueva nuevas nulla
  nun nuov nuove nuovo nur nutzer nynejska obedeca obedezcas obejdi obejdz obige obigen och ocult odbaci oder
  odgovaraj odgovaras odgrywaj odny odpovidas odpovidej odpowiadaj odpowiadasz odpowiedz odrzuc odsad odtad odted
  oes oftare ogranicenja ogranicze ohne oku okuyucuya ola olacaks olacaksin oldugunu olmadan olmayan olvida olvidad
  olvidate olvide olvides olvidese omezeni omiso omita omite omitir omzeil onceki oncekileri onemli oner onthul
  oorspronkelijke opdracht opdrachten ora ordem orden ordenes ordens ordin ordine ordini ordre ordres orientacoes
  origina originale originaln origine orijinal otkrij oublie oublier oubliez oui outrepasse ovan overschrijf ovog
  owo ozetle pada palabra palabras palavra palavras pan pao par parlare parle parlez parola parole parte partir
  partire pas pasa passe passwort patuhi paylas pedoman pembatasan perintah personagem personaggio personaje
  personnage perversa pesan petunjuk peux phai phot pierwotn piln pioggia piraat pirat pirata piratem piraten playa
  pluie plutot pocetn poczatkow podaj pode poi pokaz pokazi pokazuj pokyn pokyny polec polece polecen poleceni
  polecenia pomin ponasaj ponovi poprzednie por poruk pory possui pouvez powiedz powtorz powyzsz powyzszy praia
  pravid pravidla pravil precedente precedentes precedenti precedents predchozi preis prelo preskoc preskoci
  pretende pretends prethodn prethodna prevedi previ previas previens previo previos prikaz prikazi prima privo
  prognose prosze prozrad prsi przestrzegaj przetlumacz puedes puoi puvodn qua quais quaisquer qual quali qualquer
  quanto que quel quelles quello quen queste questo qui quiser quy raccomand rahasia reagierst recomend recomiend
  recommand recopie recopiez reddetme reden regeln regels regen reglas regler regles regn regnet regol regole regras
  regul repete repetez repetir repita repite repond repondez reponds respeite responda responde responder respondera
  responderas reste restriccion restricciones restricoes restriktioner restrizioni resuma resumez revela revele
  reveles revelez riassumi ricevut richtlijnen richtlinien rien rijdt riktlinjer ringkas ripeti riporta rispettare
  rispond risponderai rispondi rivela rivelami rivelare robo rolu rolune rolunu rozkaz saat sada sag sage sagen
  sakla samtliche sans sansur sansursuz sao sarai scarta scavalca schlagzeile schmeckt schreib schreibe schreiben
  schrijf scritto scriv scrivere scrivi sebelumnya sebutkan secreta secretas secreto segret segreta segrete segreto
  seguire sei sejak sekarang sekretne sem semblant semplicemente semua sen senha sensin sensor senza sera seras
  serez seu seulement seus sey seyi sich sie siempre sifre siga sigas sim simplement simplemente simplesmente simula
  simule sin sind sinir sinirsiz sistem sistema sistemsk sistemski ska skopiuj skriv skriven skrupellos skrupulow
  skryt sla slediti sleutels slijediti slowo slusati smernic smernice smjernice sobie sofern sofort sohbet sol
  solamente solo soltanto somente sondern sono sonra sonst sont sopra sous souvent sowa soyle soyleme soylenenleri
  sparrar spater speel spiaggia spiel spielst spisz sprachmodell sprichst sql sta staat stampa starten stattdessen
  steht stell stellen sterbe sterben stil stirb stirbst sto stond stosuj stresc strunta suas suis suivez sulla
  surtout sus sustavsk sva svarar sve svoj svuj swoich swoj systeem systeeminstructie systeeminstructies
  systeemprompt systemanweisung systemanweisungen systeme systeminstruktion systemnachricht systemov systemovy
  systemow systemowy systemprompt sztuczn sztuczna taak taalmodel tabou tabous tabu tabues tabus tac tache taches
  tajn tajne tajny taklidi takut talimat talimatlar tampilkan tanima tanpa tant tarea tareas tarefa tarefas tat ted
  teil tej tekrarla teks tekst tem tenere tenez tengas teraz terikat terjemahkan tersembunyi tes testo texte texten
  texto theo thi thong tidak tidigare tiempo tiene tienes tiens tiet tipo toda todas todo todos toi ton toon tot
  tous tout toute toutes traduce traduci traduis traduisez traduza tralascia trascura traurig trein tren treno
  trenutka tro troi trop trotz trouve truoc tuan tuas tudo tue tulis tuliskan tum tunjukkan tuo turuti tus tutte
  tutti tutto tych tym uberschrift ubersetz udawaj ugi ujawniaj ujawnij ukaz ukryt ulangi uma umgehe una unabhangig
  und une uneingeschrankt ungeachtet ungefiltert ungkapkan unicamente uniquement unut unwahre unzensiert uppgift
  upprepa uput uputa upute uputstv uputstva urgente urgentes ursprungliche ursprunglichen ursprungliga usted usuario
  usuarios utan utente utenti utilisateur utilisateurs uwagi uwzglednij uyma uzun uzytkownik uzytkownikowi vad vai
  vanaf var varsay vas veio ver verborgen verdad vereceksin verfasse vergeet vergesse vergessen vergesst vergeten
  vergiss verhalt verhalte verliere vermeld verrat verrate versteckte vertaal vertel vez viet visa voce voeg
  voortaan vor vorangegangen vorangegangene vorangegangenen vorgabe vorgaben vorherige vorherigen vorige vorigen
  vorne vos vous vrij vsechny vuoi vychozi vypis vyse wachtwoord wanneer ware wat wazn wciel wczesniej weg weitere
  weiteren wenn werden werfen wewnetrzn wie wiederhol wiederhole wir wirf wirst wissen wolna wolny wort wspominaj
  wspomnij wszystk wszystkie wszystkim wunsche wyobraz wypisz wyswietl wytyczn wytyczne xem yagmur yang yanit yap
  yapacaksin yapay yaz yazdir yazi yeni yeu yok yonerge yonlendirme ysan ysaniz ysen ysenizz yukar yukaridaki
  yukaridakileri yukaridakini zaboravi zachowuj zadani zadanie zadnych zaktualizowan zanemari zapomen zapomente
  zapomnij zasad zasadach zasady zdradz zdradzaj zeg zeig zeige zeigen zeile zeitung zeka zekas zensur zerstort
  zignoruj zignorujcie zijn zlekcewaz zni zobraz zonder zopakuj zorundasin zoves zprav zugangscode zul zuruck
  zusatzliche zuvor zwracaj
`
  .trim()
  .split(/\s+/);

/** The most frequent of German, Spanish, French, Italian, Portuguese and Dutch. */
export const foreignCommonWords: readonly string[] = `
  abbiamo ademas afin ahi ainda ainsi alcuni alem algo alguem alguien algum alguma algun alguna algunos alguns ali
  alleen allem alli allora alors altijd altra altre altri altro anche ancora ander anderen anni anno aos apres aquel
  aquela aquele asi assez assim ate atraves auch aujourd aun aunque aussi autant autre autres avere aveva avoir bajo
  bald beaucoup beim beispiel bem bene bereits bevor bij bijvoorbeeld binnen bis bisogno boa bom bon bonne bueno
  cada casi cela celle celui cent cerca ceux chaque chez chose coisa coisas comme contra contre cosa cosas cose cosi
  cuando cuatro cui daar dal dalla damit dans dar dat deben degli dei dela dele deles della delle dello denn dentro
  depois depuis deshalb despues dessa desse desta deste deutsch deutsche deutschland deux devant devrait deze dice
  diesem diesen dieses dijo dios disse dizer doch doen doit donde dont dopo dort dos dove durante durch dus eben
  ecco echt eens eerst eigentlich einen einige ela elas ele eles elke ella ellas elle elles ellos endlich enkel
  enkele enquanto entao entonces entre eram eran erano erg erst esa ese eso esos essa esse estaba estado estan estao
  estar estava estos estou estoy etaient etait etc ete etre etwas euch euer eux exemplo faire fait fare fatto faz
  fazer fino fois fora foram fra frage fragen frau fue fueron gaan gaat ganz gegen geld genug gerade gern gerne
  gestern geweest gia gli goed graag gracias gran grande hace hacen hacer hacia hadden hanno hasta hatte hatten heb
  hebben hecho heel helemaal hij hilfe historia hoe hoje hombre homem homme hoy hun ieder iemand iets igual ihm ihn
  ihnen ils infatti insieme isso isto jaar jahr jahre jeden jeder jedoch jemand jij jullie jusqu kan kann kannst
  keinen kijken kinder komen konnen konnte kun kunnen laten leben leider leur leurs leven lhe lieber loro luego lui
  maar machen macht mai maior mais maken manche mann meest meglio meine meinem meinen meiner mejor melhor meme meno
  menos mentre mesmo meu meus mia mich mientras minha mio mis mismo misschien modo moeten mogen moins molto mon
  monde mondo monsieur morgen mucha mucho muchos muito muitos mundo muss mussen muy naar nach nachdem nadie nas nei
  nel nella nelle nem nessa nesse nessuno nesta neste niemand niente noch nog nos nosotros nossa nosso nostra nostro
  notre nou nous nouveau nuestra nuestro nuevo numa nunca oben oggi ogni oltre omdat onder ons ont onze ook ore ort
  otra otras otro otros outra outras outro outros paar para parce pela pelas pelo pelos pendant pequeno perche pero
  persoon pessoa pessoas petit peu peut piu plusieurs poco podem poder poiche pois porque portanto possono pouco
  pourquoi premier pres primeira primeiro primera primero primo proprio puede pueden puedo pues puis qualche
  qualcosa quale quand quando quase quasi quatre quella quelli quelque quelques quem quer questa questi quien quiere
  quiero quindi quoi saber sapere satz savoir schon segun sehr sein seine seinen seiner seit seja selbst sempre
  sendo ser ses seul sia siamo sino slechts sobre sogar solche sollte soms sotto soy stadt stata stato steeds stesso
  sua sui suo sur tal tambem tambien tan tanto tao tegen tel tempo temps tener tengo tenho ter terug teu tienen tijd
  tinha toch todavia toen tra tres trois troppo trouver tua tun tussen tutta twee uber uit umas unas uno unos uns
  unser unsere unter vamos vandaag veel veld vem verder vero vers verso veux vida vie viel viele vielen vielleicht
  vind vita voces voglio voici voir volta vom voor vostro votre voy vraag vrai waar waarom wann waren warum weer
  weet wegen weil wel welche welcher welke welt wenig wer werd werde wereld werk wieder wil willen wird wirklich
  wollen worden wordt wurde wurden zal zeer zeggen zeit zich zien zij zoals zou zum zur zwei zwischen
`
  .trim()
  .split(/\s+/);
