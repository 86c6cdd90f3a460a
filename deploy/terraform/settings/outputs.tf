output "policy" {
  description = "The policy of the role, which flowlog-guard policy prints too."
  value       = local.policy
}

output "trust" {
  description = "The trust policy of the role."
  value       = local.trust
}

output "scope_variables" {
  description = "The variables of both functions, without secrets."
  value       = { for name, value in local.scope_variables : name => value if value != null }
}

output "check_variables" {
  description = "Further variables of the check function, without secrets."
  value       = { for name, value in local.check_variables : name => value if value != null }
}

output "size" {
  description = "Time-out in seconds, memory in MB, and vCPU of the functions."
  value       = local.size
}
