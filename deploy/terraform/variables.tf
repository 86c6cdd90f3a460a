variable "check_zip" {
  description = "The path of flowlog-guard-check-VERSION.zip from the release."
  type        = string
  validation {
    condition     = can(regex("\\.zip$", var.check_zip))
    error_message = "Write the path of the zip of the check function."
  }
}

variable "audit_zip" {
  description = "The path of flowlog-guard-audit-VERSION.zip from the release; null to deploy no audit function, and so no HTTP address."
  type        = string
  default     = null
  validation {
    condition     = var.audit_zip == null || can(regex("\\.zip$", var.audit_zip))
    error_message = "Write the path of the zip of the audit function."
  }
}

variable "name" {
  description = "The prefix of the names of all that is created; another one for each environment."
  type        = string
  default     = "flowlog-guard"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}[a-z0-9]$", var.name))
    error_message = "Write 3 to 25 lower-case letters, digits and hyphens, a letter first and no hyphen last."
  }
}

variable "schedule" {
  description = "When the timer starts the check function: six fields, seconds first, with a time zone, or @every 1h."
  type        = string
  default     = "CRON_TZ=Asia/Shanghai 0 17 * * * *"
  validation {
    condition     = can(regex("^(CRON_TZ=[A-Za-z0-9_+/-]+ )?[0-9A-Z,*?/-]+( [0-9A-Za-z,*?/-]+){5}$", var.schedule)) || can(regex("^@every [0-9]+[smh]([0-9]+[smh])*$", var.schedule))
    error_message = "Write six fields, seconds first, such as \"CRON_TZ=Asia/Shanghai 0 17 * * * *\", or \"@every 1h\"."
  }
}

variable "regions" {
  description = "The regions to audit: ids, patterns such as ap-*, and ! before what is left out; null for all."
  type        = list(string)
  default     = null
  validation {
    condition = var.regions == null || (
      length(coalesce(var.regions, [])) > 0 &&
      alltrue([for region in coalesce(var.regions, []) : can(regex("^(all|!?[a-z0-9*]+(-[a-z0-9*]+)*-?)$", region))])
    )
    error_message = "Write ids of regions, patterns such as ap-*, or all, at least one; ! before an id or a pattern leaves it out."
  }
}

variable "rules" {
  description = "The rules to evaluate, or all; null for flow-log-service-activated alone. The role gets the permissions of each."
  type        = list(string)
  default     = null
  validation {
    condition = var.rules == null || (
      length(coalesce(var.rules, [])) > 0 &&
      alltrue([for rule in coalesce(var.rules, []) : contains([
        "all", "flow-log-service-activated", "vpc-flow-log-active", "vpc-flow-log-complete", "vpc-flow-log-delivered", "flow-log-retention",
      ], rule)])
    )
    error_message = "Write all, or some of flow-log-service-activated, vpc-flow-log-active, vpc-flow-log-complete, vpc-flow-log-delivered, flow-log-retention."
  }
}

variable "organization_role" {
  description = "The role to assume in the members of a resource directory; null to audit this account alone."
  type        = string
  default     = null
  validation {
    condition     = var.organization_role == null || can(regex("^[A-Za-z0-9.-]{1,64}$", var.organization_role))
    error_message = "Write the name of a role, without its account."
  }
}

variable "external_id" {
  description = "What the trust policy of that role asks for; null for nothing. The state of Terraform has it in plain text."
  type        = string
  default     = null
  sensitive   = true
  validation {
    condition     = var.external_id == null || can(regex("^[A-Za-z0-9_+=,.@:/-]{2,}$", var.external_id))
    error_message = "Write 2 to 1224 letters, digits and + = , . @ : / - _."
  }
}

variable "fan_out" {
  description = "Whether the check function may invoke the audit function, which audits parts of an organization too large for one process."
  type        = bool
  default     = true
}

variable "webhook_url" {
  description = "The address that alerts are sent to; null for none. The state of Terraform has it in plain text."
  type        = string
  default     = null
  sensitive   = true
  validation {
    condition     = var.webhook_url == null || can(regex("^https://", var.webhook_url))
    error_message = "Write an address that begins with https://."
  }
}

variable "webhook_secret" {
  description = "The secret that signs the alerts; null for none. The state of Terraform has it in plain text."
  type        = string
  default     = null
  sensitive   = true
  validation {
    condition     = var.webhook_secret == null || can(regex(".", var.webhook_secret))
    error_message = "Must not be empty: a lost secret looks like that. Write null for none."
  }
}

variable "heartbeat_url" {
  description = "The address that every run pings at its beginning and its end; null for none."
  type        = string
  default     = null
  sensitive   = true
  validation {
    condition     = var.heartbeat_url == null || can(regex("^https://", var.heartbeat_url))
    error_message = "Write an address that begins with https://."
  }
}

variable "state" {
  description = "The bucket that remembers alerts, so that each is sent once; null for none. It is created unless create is false, and must not have versioning."
  type = object({
    bucket = string
    prefix = optional(string, "flowlog-guard/")
    create = optional(bool, true)
  })
  default = null
  validation {
    condition     = var.state == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.state.bucket))
    error_message = "Write the name of a bucket: 3 to 63 lower-case letters, digits and hyphens."
  }
  validation {
    condition     = var.state == null || can(regex("^([A-Za-z0-9._=-]+/)*$", var.state.prefix))
    error_message = "Write a prefix that ends with a slash, or none."
  }
}

variable "evidence" {
  description = "The bucket that keeps the report of every run; null for none. Needs a state, in another bucket. retention_days sets a retention policy, and locked locks it for good: that cannot be undone."
  type = object({
    bucket         = string
    prefix         = optional(string, "flowlog-guard/")
    create         = optional(bool, true)
    retention_days = optional(number)
    locked         = optional(bool, false)
  })
  default = null
  validation {
    condition     = var.evidence == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.evidence.bucket))
    error_message = "Write the name of a bucket: 3 to 63 lower-case letters, digits and hyphens."
  }
  validation {
    condition     = var.evidence == null || can(regex("^([A-Za-z0-9._=-]+/)*$", var.evidence.prefix))
    error_message = "Write a prefix that ends with a slash, or none."
  }
  validation {
    condition     = try(var.evidence.retention_days, null) == null || try(var.evidence.retention_days >= 1 && var.evidence.retention_days <= 25550, false)
    error_message = "A retention policy has 1 to 25550 days."
  }
}

variable "log" {
  description = "The log project and log store that the functions write to; null to create them."
  type        = object({ project = string, logstore = string })
  default     = null
}

variable "log_retention_days" {
  description = "How many days a log store that is created keeps the logs."
  type        = number
  default     = 30
  validation {
    condition     = var.log_retention_days >= 1 && var.log_retention_days <= 3650 && floor(var.log_retention_days) == var.log_retention_days
    error_message = "Write a whole number from 1 to 3650; 3650 keeps them for good."
  }
}

variable "timeout" {
  description = "Seconds that a run may take, of which 40 are kept for the alerts; null for 120, or for an organization 900."
  type        = number
  default     = null
  validation {
    condition     = coalesce(var.timeout, 120) >= 60 && coalesce(var.timeout, 120) <= 86400
    error_message = "Write 60 to 86400 seconds."
  }
}

variable "memory_size" {
  description = "MB of memory, a multiple of 64; null for 256, or for an organization 1024."
  type        = number
  default     = null
  validation {
    condition     = coalesce(var.memory_size, 256) >= 128 && coalesce(var.memory_size, 256) <= 32768 && coalesce(var.memory_size, 256) % 64 == 0
    error_message = "Write 128 to 32768 MB, a multiple of 64."
  }
}

variable "cpu" {
  description = "vCPUs, a multiple of 0.05; null for 0.25, or for an organization 1."
  type        = number
  default     = null
  validation {
    condition     = coalesce(var.cpu, 0.25) >= 0.05 && coalesce(var.cpu, 0.25) <= 16
    error_message = "Write 0.05 to 16 vCPUs."
  }
}

variable "environment" {
  description = "Further variables of both functions, such as FLOWLOG_GUARD_CONCURRENCY or HTTPS_PROXY."
  type        = map(string)
  default     = {}
  sensitive   = true
  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Za-z][A-Za-z0-9_]*$", name)) && !startswith(name, "FC_")])
    error_message = "Names are of letters, digits and _, and do not begin with FC_, which Function Compute reserves."
  }
}
