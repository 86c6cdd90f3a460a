# The role that flowlog-guard assumes in one account of an organization: apply it in each account, with
# the account's own credentials, or use deploy/member-role.ros.yaml for all of them at once. The role can
# only read: its policy is the one that `flowlog-guard policy --member --rules all` prints.

terraform {
  required_version = ">= 1.3"
  required_providers {
    alicloud = {
      source  = "aliyun/alicloud"
      version = ">= 1.252.0"
    }
  }
}

variable "trusted_role_arn" {
  description = "The role that audits, such as acs:ram::1234567890123456:role/flowlog-guard."
  type        = string
  validation {
    condition     = can(regex("^acs:ram::[0-9]+:role/[A-Za-z0-9._-]+$", var.trusted_role_arn))
    error_message = "Write the ARN of a role, such as acs:ram::1234567890123456:role/flowlog-guard."
  }
}

variable "external_id" {
  description = "What the role that audits has to present, FLOWLOG_GUARD_EXTERNAL_ID. The state of Terraform has it in plain text."
  type        = string
  sensitive   = true
  validation {
    condition     = length(var.external_id) > 1 && length(var.external_id) < 1225 && can(regex("^[A-Za-z0-9_+=,.@:/-]+$", var.external_id))
    error_message = "Write 2 to 1224 letters, digits and + = , . @ : / - _."
  }
}

variable "role_name" {
  description = "The name of the role and of its policy, the same in every account."
  type        = string
  default     = "flowlog-guard-audit"
}

locals {
  trust = {
    Version = "1"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { RAM = [var.trusted_role_arn] }
        Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
      },
    ]
  }
  policy = {
    Version = "1"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "vpc:GetFlowLogServiceStatus"
        Resource = "acs:vpc:*:*:flowlog/*"
      },
      {
        Effect   = "Allow"
        Action   = "vpc:DescribeVpcs"
        Resource = "acs:vpc:*:*:vpc/*"
      },
      {
        Effect   = "Allow"
        Action   = "vpc:DescribeFlowLogs"
        Resource = "acs:vpc:*:*:flowlog/*"
      },
      {
        Effect   = "Allow"
        Action   = "ecs:DescribeNetworkInterfaces"
        Resource = "acs:ecs:*:*:eni/*"
      },
      {
        Effect   = "Allow"
        Action   = "log:GetLogStore"
        Resource = "acs:log:*:*:project/*/logstore/*"
      },
    ]
  }
}

resource "alicloud_ram_role" "flowlog_guard" {
  role_name                   = var.role_name
  description                 = "Assumed by flowlog-guard to audit this account. Can only read."
  max_session_duration        = 3600
  assume_role_policy_document = jsonencode(local.trust)
}

resource "alicloud_ram_policy" "flowlog_guard" {
  policy_name     = var.role_name
  description     = "What flowlog-guard reads in this account."
  policy_document = jsonencode(local.policy)
  rotate_strategy = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
}

resource "alicloud_ram_role_policy_attachment" "flowlog_guard" {
  role_name   = alicloud_ram_role.flowlog_guard.role_name
  policy_name = alicloud_ram_policy.flowlog_guard.policy_name
  policy_type = "Custom"
}

output "arn" {
  description = "The ARN of the role."
  value       = alicloud_ram_role.flowlog_guard.arn
}
