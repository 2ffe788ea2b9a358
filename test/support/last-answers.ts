/** For stages whose harnesses give no earlier answers. */
import { noAnswer } from "../../services/model-invoke/answers/kept-answer.ts";
import type { LastAnswers } from "../../services/model-invoke/answers/last-answers.ts";

export const noLastAnswers: LastAnswers = { find: async () => noAnswer("none is known") };
