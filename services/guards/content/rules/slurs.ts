/**
 * Words that exist to degrade a people, a faith, a sexuality or a disability.
 * They stand here for one purpose: to recognise abuse that is aimed at
 * somebody. A word alone is never a finding: reclaimed, quoted and discussed
 * words are not abuse, and several have an innocent meaning. Folded.
 */
export const slurs =
  "nigger | niggers | kike | kikes | faggot | faggots | fags | wetback | wetbacks | spic | spics | chink | chinks | gook | gooks | " +
  "raghead | ragheads | towelhead | towelheads | sandnigger | sandniggers | tranny | trannies | paki | pakis | coon | coons | " +
  "jigaboo | jigaboos | darkie | darkies | beaner | beaners | zipperhead | zipperheads | dyke | dykes | shemale | shemales | " +
  "retard | retards | mongoloid | mongoloids | muzzie | muzzies | musloid | musloids | yid | yids | gyppo | gyppos | pikey | pikeys | " +
  "abo | abos | redskin | redskins | squaw | squaws | half breed | half breeds | mudslime | mudslimes | camel jockey | camel jockeys | " +
  "porch monkey | porch monkeys | jungle bunny | jungle bunnies | heeb | heebs | polack | polacks | wop | wops | dago | dagos | " +
  "kanake | kanaken | neger | judensau | untermensch | untermenschen";
