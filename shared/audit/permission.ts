/** Something that the identity which audits must be allowed to do. */
export interface Permission {
  /** RAM action, for example `vpc:GetFlowLogServiceStatus`. */
  readonly action: string;
  /**
   * What it is done to, as an ARN.
   *
   * @param accountId - the account that is audited, or `*`
   */
  readonly resource: (accountId: string) => string;
}
