/** A permission that the auditing identity needs. */
export interface Permission {
  /** RAM action, for example `vpc:GetFlowLogServiceStatus`. */
  readonly action: string;
  /**
   * The ARN that the permission is for.
   *
   * @param accountId - the account that is audited, or `*`
   */
  readonly resource: (accountId: string) => string;
  /** When it applies, as RAM's policies write it. @default always */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
