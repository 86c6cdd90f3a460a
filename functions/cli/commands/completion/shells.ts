/** The shells with a completion. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** How the completion of each shell is installed. */
export const COMPLETION_SETUP = `
Add to ~/.bashrc:
  source <(flowlog-guard completion bash)
Add to ~/.zshrc, after compinit:
  source <(flowlog-guard completion zsh)
Or for fish, once:
  flowlog-guard completion fish > ~/.config/fish/completions/flowlog-guard.fish`;
