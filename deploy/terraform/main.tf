data "alicloud_account" "current" {}

data "alicloud_regions" "current" {
  current = true
}

locals {
  account_id = data.alicloud_account.current.id
  region     = data.alicloud_regions.current.regions[0].id

  size = {
    timeout     = coalesce(var.timeout, module.settings.size.timeout)
    memory_size = coalesce(var.memory_size, module.settings.size.memory_size)
    cpu         = coalesce(var.cpu, module.settings.size.cpu)
  }

  shared_secrets = {
    FLOWLOG_GUARD_EXTERNAL_ID = var.external_id
  }
  # The audit function never alerts, so it gets no receiver.
  check_secrets = {
    FLOWLOG_GUARD_WEBHOOK_URL    = var.webhook_url
    FLOWLOG_GUARD_WEBHOOK_SECRET = var.webhook_secret
    FLOWLOG_GUARD_HEARTBEAT_URL  = var.heartbeat_url
  }
  audit_environment = merge(
    var.environment,
    module.settings.scope_variables,
    { for name, value in local.shared_secrets : name => value if value != null },
  )
  check_environment = merge(
    local.audit_environment,
    module.settings.check_variables,
    { for name, value in local.check_secrets : name => value if value != null },
  )

  log = var.log == null ? {
    project  = alicloud_log_project.functions[0].project_name
    logstore = alicloud_log_store.functions[0].logstore_name
  } : var.log

  audit_count = var.audit_zip == null ? 0 : 1
}

module "settings" {
  source = "./settings"

  name              = var.name
  account_id        = local.account_id
  region            = local.region
  rules             = var.rules
  regions           = var.regions
  organization_role = var.organization_role
  fan_out           = var.fan_out && var.audit_zip != null
  state             = var.state
  evidence          = var.evidence
  schedule          = var.schedule
}

resource "alicloud_ram_role" "functions" {
  role_name                   = var.name
  description                 = "The role of the functions of flowlog-guard."
  assume_role_policy_document = jsonencode(module.settings.trust)
}

resource "alicloud_ram_policy" "functions" {
  policy_name     = var.name
  description     = "What flowlog-guard reads, and where it keeps what it remembers."
  policy_document = jsonencode(module.settings.policy)
  rotate_strategy = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
}

resource "alicloud_ram_role_policy_attachment" "functions" {
  role_name   = alicloud_ram_role.functions.role_name
  policy_name = alicloud_ram_policy.functions.policy_name
  policy_type = "Custom"
}

resource "alicloud_log_project" "functions" {
  count = var.log == null ? 1 : 0

  # Unique in all of Alibaba Cloud, so it has the account and the region.
  project_name = "${var.name}-${local.account_id}-${local.region}"
  description  = "The logs of flowlog-guard."
}

resource "alicloud_log_store" "functions" {
  count = var.log == null ? 1 : 0

  project_name     = alicloud_log_project.functions[0].project_name
  logstore_name    = "functions"
  retention_period = var.log_retention_days
}

resource "alicloud_fcv3_function" "check" {
  function_name        = "${var.name}-check"
  description          = "Audits every region on a timer, and alerts"
  runtime              = "nodejs20"
  handler              = "index.handler"
  role                 = alicloud_ram_role.functions.arn
  timeout              = local.size.timeout
  memory_size          = local.size.memory_size
  cpu                  = local.size.cpu
  disk_size            = 512
  instance_concurrency = 1
  internet_access      = true

  # Another zip is another text, so the function is updated.
  code {
    zip_file = filebase64(var.check_zip)
  }

  log_config {
    project        = local.log.project
    logstore       = local.log.logstore
    log_begin_rule = "DefaultRegex"
  }

  environment_variables = local.check_environment

  depends_on = [alicloud_ram_role_policy_attachment.functions]

  lifecycle {
    precondition {
      condition     = var.evidence == null || var.state != null
      error_message = "evidence needs a state, which remembers the newest run."
    }
    precondition {
      condition     = var.evidence == null || try(var.evidence.bucket != var.state.bucket, true)
      error_message = "evidence needs another bucket than the state, which is overwritten at every run."
    }
    precondition {
      condition     = var.webhook_secret == null || var.webhook_url != null
      error_message = "webhook_secret signs what goes to webhook_url, which is not set."
    }
    precondition {
      condition     = var.external_id == null || var.organization_role != null
      error_message = "external_id is presented to organization_role, which is not set."
    }
  }
}

resource "alicloud_fcv3_async_invoke_config" "check" {
  function_name                  = alicloud_fcv3_function.check.function_name
  qualifier                      = "LATEST"
  max_async_retry_attempts       = 2
  max_async_event_age_in_seconds = 3600
}

resource "alicloud_fcv3_trigger" "schedule" {
  function_name = alicloud_fcv3_function.check.function_name
  trigger_name  = "schedule"
  trigger_type  = "timer"
  qualifier     = "LATEST"
  trigger_config = jsonencode({
    cronExpression = var.schedule
    enable         = true
  })

  # The first run finds its retries set, and its buckets.
  depends_on = [
    alicloud_fcv3_async_invoke_config.check,
    alicloud_oss_bucket.state,
    alicloud_oss_bucket.evidence,
  ]
}

resource "alicloud_fcv3_function" "audit" {
  count = local.audit_count

  function_name        = "${var.name}-audit"
  description          = "Audits on demand, and returns the report"
  runtime              = "nodejs20"
  handler              = "index.handler"
  role                 = alicloud_ram_role.functions.arn
  timeout              = local.size.timeout
  memory_size          = local.size.memory_size
  cpu                  = local.size.cpu
  disk_size            = 512
  instance_concurrency = 1
  internet_access      = true

  code {
    zip_file = filebase64(var.audit_zip)
  }

  log_config {
    project        = local.log.project
    logstore       = local.log.logstore
    log_begin_rule = "DefaultRegex"
  }

  environment_variables = local.audit_environment

  depends_on = [alicloud_ram_role_policy_attachment.functions]
}

resource "alicloud_fcv3_async_invoke_config" "audit" {
  count = local.audit_count

  function_name                  = alicloud_fcv3_function.audit[0].function_name
  qualifier                      = "LATEST"
  max_async_retry_attempts       = 0
  max_async_event_age_in_seconds = 3600
}

resource "alicloud_fcv3_trigger" "http" {
  count = local.audit_count

  function_name = alicloud_fcv3_function.audit[0].function_name
  trigger_name  = "http"
  trigger_type  = "http"
  qualifier     = "LATEST"
  trigger_config = jsonencode({
    authType           = "function"
    disableURLInternet = false
    methods            = ["GET", "POST"]
  })
}
