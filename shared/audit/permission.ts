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
}
