/** Said wherever a command is about receivers and there are none. */
export const NO_RECEIVER =
  "there is no receiver. Set FLOWLOG_GUARD_WEBHOOK_URL, or alerts.receivers in the configuration file.";
