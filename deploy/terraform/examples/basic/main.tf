# One account, all regions, alerts to a webhook: terraform apply with TF_VAR_webhook_url set.

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

module "flowlog_guard" {
  source = "../.."

  check_zip   = "${path.root}/flowlog-guard-check-0.1.0.zip"
  audit_zip   = "${path.root}/flowlog-guard-audit-0.1.0.zip"
  webhook_url = var.webhook_url

  state = {
    bucket = "my-flowlog-guard-state"
  }
}

output "role_arn" {
  description = "The role of the functions."
  value       = module.flowlog_guard.role_arn
}
