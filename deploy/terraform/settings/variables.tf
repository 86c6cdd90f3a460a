# Described and checked by the module that calls this one.

variable "name" {
  description = "The prefix of the function names."
  type        = string
}

variable "account_id" {
  description = "The account of the functions."
  type        = string
}

variable "region" {
  description = "The region of the functions."
  type        = string
}

variable "rules" {
  description = "The rules to evaluate; null for the default."
  type        = list(string)
}

variable "regions" {
  description = "The regions to audit; null for the default."
  type        = list(string)
}

variable "organization_role" {
  description = "The role in the members of an organization; null for none."
  type        = string
}

variable "fan_out" {
  description = "Whether the check function may invoke the audit function."
  type        = bool
}

variable "state" {
  description = "The bucket and the prefix of the state; null for none."
  type        = object({ bucket = string, prefix = string })
}

variable "evidence" {
  description = "The bucket and the prefix of the evidence; null for none."
  type        = object({ bucket = string, prefix = string })
}

variable "schedule" {
  description = "When the timer starts the check function."
  type        = string
}
