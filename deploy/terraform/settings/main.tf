# What the functions are set to and allowed to do, computed without a provider, so that it can be
# compared with what `flowlog-guard policy` prints without an account.

locals {
  rule_ids = [
    "flow-log-service-activated",
    "vpc-flow-log-active",
    "vpc-flow-log-complete",
    "vpc-flow-log-delivered",
    "flow-log-retention",
  ]
  rules   = var.rules == null ? ["flow-log-service-activated"] : contains(var.rules, "all") ? local.rule_ids : var.rules
  regions = var.regions == null ? ["all"] : var.regions

  # Patterns, exclusions and "all" are resolved with the list of regions.
  needs_regions = anytrue([for region in local.regions : !can(regex("^[a-z]+(-[a-z0-9]+)+$", region))])

  reads = {
    status     = { action = "vpc:GetFlowLogServiceStatus", resource = "acs:vpc:*:${var.account_id}:flowlog/*" }
    vpcs       = { action = "vpc:DescribeVpcs", resource = "acs:vpc:*:${var.account_id}:vpc/*" }
    flow_logs  = { action = "vpc:DescribeFlowLogs", resource = "acs:vpc:*:${var.account_id}:flowlog/*" }
    interfaces = { action = "ecs:DescribeNetworkInterfaces", resource = "acs:ecs:*:${var.account_id}:eni/*" }
    log_store  = { action = "log:GetLogStore", resource = "acs:log:*:${var.account_id}:project/*/logstore/*" }
  }
  reads_of_rule = {
    flow-log-service-activated = ["status"]
    vpc-flow-log-active        = ["vpcs", "flow_logs", "interfaces"]
    vpc-flow-log-complete      = ["vpcs", "flow_logs", "interfaces"]
    vpc-flow-log-delivered     = ["vpcs", "flow_logs", "interfaces"]
    flow-log-retention         = ["vpcs", "flow_logs", "log_store"]
  }

  reads_of_rules = [
    for read in distinct(flatten([
      for id in local.rule_ids : local.reads_of_rule[id] if contains(local.rules, id)
    ])) : local.reads[read]
  ]
  lists_regions = local.needs_regions ? [{ action = "vpc:DescribeRegions", resource = "*" }] : []
  audits_members = var.organization_role == null ? [] : [
    { action = "sts:AssumeRole", resource = "acs:ram::*:role/${var.organization_role}" },
    { action = "resourcemanager:ListAccounts", resource = "*" },
    { action = "resourcemanager:GetResourceDirectory", resource = "*" },
  ]
  invokes_parts = var.organization_role == null || !var.fan_out ? [] : [
    { action = "fc:InvokeFunction", resource = "acs:fc:${var.region}:${var.account_id}:functions/${var.name}-audit" },
  ]
  keeps_state = var.state == null ? [] : [
    for action in ["oss:GetObject", "oss:PutObject", "oss:DeleteObject"] :
    { action = action, resource = "acs:oss:*:${var.account_id}:${var.state.bucket}/${var.state.prefix}*" }
  ]
  keeps_evidence = var.evidence == null ? [] : [
    { action = "oss:PutObject", resource = "acs:oss:*:${var.account_id}:${var.evidence.bucket}/${var.evidence.prefix}*" },
  ]

  policy = {
    Version = "1"
    Statement = [
      for permission in concat(
        local.reads_of_rules,
        local.lists_regions,
        local.audits_members,
        local.invokes_parts,
        local.keeps_state,
        local.keeps_evidence,
        ) : {
        Effect   = "Allow"
        Action   = permission.action
        Resource = permission.resource
      }
    ]
  }

  trust = {
    Version = "1"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = ["fc.aliyuncs.com"] }
      },
    ]
  }

  # Both functions. What is null is left out.
  scope_variables = {
    FLOWLOG_GUARD_REGIONS           = var.regions == null ? null : join(",", var.regions)
    FLOWLOG_GUARD_RULES             = var.rules == null ? null : join(",", var.rules)
    FLOWLOG_GUARD_ORGANIZATION_ROLE = var.organization_role
  }
  # The check function alone.
  check_variables = {
    FLOWLOG_GUARD_STATE    = var.state == null ? null : "oss://${var.state.bucket}/${var.state.prefix}"
    FLOWLOG_GUARD_EVIDENCE = var.evidence == null ? null : "oss://${var.evidence.bucket}/${var.evidence.prefix}"
    FLOWLOG_GUARD_SCHEDULE = var.schedule
  }

  # As in s.yaml and s.organization.yaml.
  size = var.organization_role == null ? { timeout = 120, memory_size = 256, cpu = 0.25 } : { timeout = 900, memory_size = 1024, cpu = 1 }
}
