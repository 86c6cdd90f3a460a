import type { Command } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { EXIT_CODE_HELP, EXIT_ZERO_HELP } from "../../exit-code-help.ts";
import { EXIT_CODES } from "../../exit-code.ts";
import { addProfileOption, addRunOptions, addScopeOptions } from "../../flags/config-options.ts";
import type { WatchFlags } from "./watch-command.ts";

const ONCE_HELP = `
--once implies --exit-zero. With --exit-zero, watch exits ${EXIT_CODES.COULD_NOT_RUN} also if anything is
not compliant and no receiver is configured; with --once, also if the state
could not be read or written.`;

const WATCH_EXAMPLES = `
Examples:
  flowlog-guard watch --schedule "0 17 * * * *" --timezone Asia/Shanghai --now
  flowlog-guard watch --once

When daylight saving time begins or ends, fixed hours run once; "*" or a step in
the hours runs in each hour.`;

/** Adds `watch`, which loads on first use. */
export function addWatchCommand(program: Command, { runtime, onDone }: CommandContext): void {
  const command = program
    .command("watch")
    .description(
      "audit and alert on a schedule, until SIGTERM, SIGINT or SIGHUP; or once with --once; the exit code is that of the last run",
    )
    .optionsGroup("Schedule:")
    .option(
      "--schedule <cron>",
      "schedule as of a Function Compute timer: six fields, seconds first, or @every 5m",
    )
    .option(
      "--timezone <zone>",
      "UTC, or a name of the tz database such as Asia/Shanghai; CRON_TZ=<zone> before the fields has the same effect (default: UTC)",
    )
    .option("--now", "start the first run at once")
    .option("--once", "one run now, for cron, Kubernetes and CI")
    .option(
      "--health <address>",
      "answer GET /healthz over HTTP at a port, or an IP address and a port: 200, or 503 if a run hangs or a due run did not start (default: off)",
    )
    .optionsGroup("Exit code:")
    .option("--exit-zero", "exit 0 also if anything is not compliant or could not be read")
    .option("--no-exit-zero", "use the exit codes of an audit, with --once");
  addProfileOption(addRunOptions(addScopeOptions(command)))
    .addHelpText("after", `${WATCH_EXAMPLES}\n${EXIT_CODE_HELP}\n${EXIT_ZERO_HELP}\n${ONCE_HELP}`)
    .action(async (flags: WatchFlags) => {
      const { runWatchCommand } = await import("./watch-command.ts");
      onDone(await runWatchCommand(flags, runtime));
    });
}
