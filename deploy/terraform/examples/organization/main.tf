# All members of a resource directory, with all rules, and the report of every run kept for a year. The roles in
# the members come first: deploy/member-role.ros.yaml.

terraform {
  required_version = ">= 1.3.0"

  required_providers {
    alicloud = {
      source  = "aliyun/alicloud"
      version = ">= 1.252.0, < 2.0.0"
    }
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

variable "webhook_url" {
  description = "The address that alerts are sent to."
  type        = string
  sensitive   = true
}

variable "external_id" {
  description = "What the trust policy of the roles in the members asks for."
  type        = string
  sensitive   = true
}

module "flowlog_guard" {
  source = "../.."

  check_zip         = "${path.root}/flowlog-guard-check-0.1.0.zip"
  audit_zip         = "${path.root}/flowlog-guard-audit-0.1.0.zip"
  rules             = ["all"]
  organization_role = "flowlog-guard-audit"
  external_id       = var.external_id
  webhook_url       = var.webhook_url

  state = {
    bucket = "my-flowlog-guard-state"
  }
  evidence = {
    bucket         = "my-flowlog-guard-evidence"
    retention_days = 365
  }
}

output "role_arn" {
  description = "The role of the functions, which the roles in the members trust."
  value       = module.flowlog_guard.role_arn
}
