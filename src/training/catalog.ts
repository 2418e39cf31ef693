// Every trainer that `train:` can name.
import { commandTrainer } from "./command.ts";
import { tfjsTrainer } from "./tfjs.ts";
import type { Trainer } from "./trainer.ts";

export const trainerCatalog: readonly Trainer[] = [commandTrainer, tfjsTrainer];
