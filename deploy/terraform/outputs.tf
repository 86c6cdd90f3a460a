output "check_function_name" {
  description = "The function that the timer starts."
  value       = alicloud_fcv3_function.check.function_name
}

output "audit_function_name" {
  description = "The function that audits on demand; null where there is none."
  value       = one(alicloud_fcv3_function.audit[*].function_name)
}

output "audit_url" {
  description = "The address of the audit function, which takes only signed requests; null where there is none."
  value       = try(alicloud_fcv3_trigger.http[0].http_trigger[0].url_internet, null)
}

output "role_arn" {
  description = "The role of the functions, which the roles in the members of an organization trust."
  value       = alicloud_ram_role.functions.arn
}

output "log" {
  description = "The log project and log store of the functions."
  value       = local.log
}
