// Every slash command.
import { acceptCommand } from "./accept.ts";
import { promoteCommand } from "./promote.ts";
import { rollbackCommand } from "./rollback.ts";
import type { SlashCommand } from "./slash-command.ts";

export const slashCommands: readonly SlashCommand[] = [acceptCommand, rollbackCommand, promoteCommand];
