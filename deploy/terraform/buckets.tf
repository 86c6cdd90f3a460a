# The bucket of the state has no versioning: with versions, OSS does not report whether another run wrote first.

locals {
  created_state    = try(var.state.create, false) ? var.state.bucket : null
  created_evidence = try(var.evidence.create, false) ? var.evidence.bucket : null
}

resource "alicloud_oss_bucket" "state" {
  count = local.created_state == null ? 0 : 1

  bucket = local.created_state

  server_side_encryption_rule {
    sse_algorithm = "AES256"
  }
}

resource "alicloud_oss_bucket_acl" "state" {
  count = local.created_state == null ? 0 : 1

  bucket = alicloud_oss_bucket.state[0].bucket
  acl    = "private"
}

resource "alicloud_oss_bucket_public_access_block" "state" {
  count = local.created_state == null ? 0 : 1

  bucket              = alicloud_oss_bucket.state[0].bucket
  block_public_access = true
}

resource "alicloud_oss_bucket" "evidence" {
  count = local.created_evidence == null ? 0 : 1

  bucket = local.created_evidence

  server_side_encryption_rule {
    sse_algorithm = "AES256"
  }
}

resource "alicloud_oss_bucket_acl" "evidence" {
  count = local.created_evidence == null ? 0 : 1

  bucket = alicloud_oss_bucket.evidence[0].bucket
  acl    = "private"
}

resource "alicloud_oss_bucket_public_access_block" "evidence" {
  count = local.created_evidence == null ? 0 : 1

  bucket              = alicloud_oss_bucket.evidence[0].bucket
  block_public_access = true
}

# Not locked, the policy lapses after 24 hours.
resource "alicloud_oss_bucket_worm" "evidence" {
  count = try(var.evidence.retention_days, null) == null ? 0 : 1

  bucket                   = try(alicloud_oss_bucket.evidence[0].bucket, var.evidence.bucket)
  retention_period_in_days = var.evidence.retention_days
  status                   = var.evidence.locked ? "Locked" : "InProgress"
}
