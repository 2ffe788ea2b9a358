#!/bin/sh
# Made from topics/catalog.ts by `node infra/kafka/acls.ts`: what each process of
# Breakwater may do on Kafka. Run it once, as a user that may alter the cluster:
#   KAFKA_BROKERS=... ADMIN_CONFIG=admin.properties sh infra/kafka/acls.sh
# Users are named breakwater-<service>; each process is given its own in
# KAFKA_SASL_USERNAME. With SCRAM, make them first, for example:
#   kafka-configs.sh --bootstrap-server ... --alter --entity-type users --entity-name breakwater-input-scan \
#     --add-config 'SCRAM-SHA-512=[password=...]'
# allow.everyone.if.no.acl.found must be false (it is by default).
set -eu
allow() {
  kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config "$ADMIN_CONFIG" --add --force "$@"
}

# input-scan
allow --allow-principal User:breakwater-input-scan --operation Write \
  --resource-pattern-type literal \
  --topic harness-requests \
  --topic harness-requests-batch \
  --topic harness-scanned \
  --topic harness-scanned-batch \
  --topic harness-results \
  --topic harness-audit \
  --topic harness-subject-keys \
  --topic harness-requests-dlq \
  --topic harness-requests-batch-dlq
allow --allow-principal User:breakwater-input-scan --operation Read \
  --resource-pattern-type literal \
  --topic harness-requests \
  --topic harness-requests-batch \
  --topic harness-scanned \
  --topic harness-scanned-batch \
  --topic harness-results \
  --topic harness-definitions \
  --topic harness-signatures \
  --topic harness-commands \
  --topic harness-subject-keys \
  --topic harness-prices
allow --allow-principal User:breakwater-input-scan --operation Delete \
  --resource-pattern-type literal \
  --topic harness-requests \
  --topic harness-requests-batch
allow --allow-principal User:breakwater-input-scan --operation Read \
  --resource-pattern-type literal \
  --group breakwater-input-scan

# model-invoke
allow --allow-principal User:breakwater-model-invoke --operation Write \
  --resource-pattern-type literal \
  --topic harness-calls \
  --topic harness-settled \
  --topic harness-results \
  --topic harness-audit \
  --topic harness-breakers \
  --topic harness-subject-keys \
  --topic harness-leases \
  --topic harness-scanned-dlq \
  --topic harness-scanned-batch-dlq \
  --topic harness-retries-dlq
allow --allow-principal User:breakwater-model-invoke --operation Read \
  --resource-pattern-type literal \
  --topic harness-scanned \
  --topic harness-scanned-batch \
  --topic harness-calls \
  --topic harness-settled \
  --topic harness-retries \
  --topic harness-results \
  --topic harness-answers \
  --topic harness-definitions \
  --topic harness-breakers \
  --topic harness-commands \
  --topic harness-subject-keys \
  --topic harness-budgets \
  --topic harness-prices \
  --topic harness-leases
allow --allow-principal User:breakwater-model-invoke --operation Read \
  --resource-pattern-type literal \
  --group breakwater-model-invoke

# output-validate
allow --allow-principal User:breakwater-output-validate --operation Write \
  --resource-pattern-type literal \
  --topic harness-calls \
  --topic harness-retries \
  --topic harness-reviews \
  --topic harness-results \
  --topic harness-answers \
  --topic harness-audit \
  --topic harness-subject-keys \
  --topic harness-calls-dlq \
  --topic harness-reviews-dlq
allow --allow-principal User:breakwater-output-validate --operation Read \
  --resource-pattern-type literal \
  --topic harness-calls \
  --topic harness-settled \
  --topic harness-reviews \
  --topic harness-definitions \
  --topic harness-commands \
  --topic harness-subject-keys \
  --topic harness-prices
allow --allow-principal User:breakwater-output-validate --operation Read \
  --resource-pattern-type literal \
  --group breakwater-output-validate

# cost-aggregate
allow --allow-principal User:breakwater-cost-aggregate --operation Write \
  --resource-pattern-type literal \
  --topic harness-calls-dlq \
  --topic harness-reviews-dlq \
  --topic harness-results-dlq \
  --topic harness-audit-dlq \
  --topic harness-audit-chain-dlq
allow --allow-principal User:breakwater-cost-aggregate --operation Read \
  --resource-pattern-type literal \
  --topic harness-calls \
  --topic harness-reviews \
  --topic harness-results \
  --topic harness-audit \
  --topic harness-audit-chain
allow --allow-principal User:breakwater-cost-aggregate --operation Read \
  --resource-pattern-type literal \
  --group breakwater-cost-aggregate

# alerts
allow --allow-principal User:breakwater-alerts --operation Write \
  --resource-pattern-type literal \
  --topic harness-alerts \
  --topic harness-alerts-dlq
allow --allow-principal User:breakwater-alerts --operation Read \
  --resource-pattern-type literal \
  --topic harness-alerts \
  --topic harness-budgets \
  --topic harness-leases
allow --allow-principal User:breakwater-alerts --operation Read \
  --resource-pattern-type literal \
  --group breakwater-alerts

# audit-seal
allow --allow-principal User:breakwater-audit-seal --operation Write \
  --resource-pattern-type literal \
  --topic harness-audit-chain \
  --topic harness-audit-dlq \
  --topic harness-audit-chain-dlq
allow --allow-principal User:breakwater-audit-seal --operation Read \
  --resource-pattern-type literal \
  --topic harness-audit \
  --topic harness-audit-chain
allow --allow-principal User:breakwater-audit-seal --operation Read \
  --resource-pattern-type literal \
  --group breakwater-audit-seal

# gateway
allow --allow-principal User:breakwater-gateway --operation Write \
  --resource-pattern-type literal \
  --topic harness-requests \
  --topic harness-requests-batch \
  --topic harness-idempotency \
  --topic harness-reviews \
  --topic harness-audit \
  --topic harness-commands \
  --topic harness-subject-keys \
  --topic harness-batches
allow --allow-principal User:breakwater-gateway --operation Read \
  --resource-pattern-type literal \
  --topic harness-requests \
  --topic harness-idempotency \
  --topic harness-reviews \
  --topic harness-results \
  --topic harness-alerts \
  --topic harness-definitions \
  --topic harness-breakers \
  --topic harness-commands \
  --topic harness-clients \
  --topic harness-subject-keys \
  --topic harness-batches \
  --topic harness-budgets \
  --topic harness-prices \
  --topic harness-leases \
  --topic harness-requests-dlq \
  --topic harness-requests-batch-dlq \
  --topic harness-scanned-dlq \
  --topic harness-scanned-batch-dlq \
  --topic harness-retries-dlq \
  --topic harness-calls-dlq \
  --topic harness-reviews-dlq \
  --topic harness-results-dlq \
  --topic harness-audit-dlq \
  --topic harness-audit-chain-dlq \
  --topic harness-alerts-dlq
allow --allow-principal User:breakwater-gateway --operation Describe \
  --resource-pattern-type prefixed \
  --topic harness-
allow --allow-principal User:breakwater-gateway --operation Describe \
  --resource-pattern-type literal \
  --group breakwater-input-scan \
  --group breakwater-model-invoke \
  --group breakwater-output-validate \
  --group breakwater-cost-aggregate \
  --group breakwater-alerts \
  --group breakwater-audit-seal

# cli
allow --allow-principal User:breakwater-cli --operation Write \
  --resource-pattern-type literal \
  --topic harness-requests \
  --topic harness-requests-batch \
  --topic harness-reviews \
  --topic harness-audit \
  --topic harness-definitions \
  --topic harness-signatures \
  --topic harness-commands \
  --topic harness-clients \
  --topic harness-subject-keys \
  --topic harness-budgets \
  --topic harness-prices
allow --allow-principal User:breakwater-cli --operation Read \
  --resource-pattern-type literal \
  --topic harness-reviews \
  --topic harness-results \
  --topic harness-audit-chain \
  --topic harness-alerts \
  --topic harness-definitions \
  --topic harness-signatures \
  --topic harness-breakers \
  --topic harness-commands \
  --topic harness-clients \
  --topic harness-subject-keys \
  --topic harness-budgets \
  --topic harness-prices \
  --topic harness-leases \
  --topic harness-requests-dlq \
  --topic harness-requests-batch-dlq \
  --topic harness-scanned-dlq \
  --topic harness-scanned-batch-dlq \
  --topic harness-retries-dlq \
  --topic harness-calls-dlq \
  --topic harness-reviews-dlq \
  --topic harness-results-dlq \
  --topic harness-audit-dlq \
  --topic harness-audit-chain-dlq \
  --topic harness-alerts-dlq
allow --allow-principal User:breakwater-cli --operation Describe \
  --resource-pattern-type prefixed \
  --topic harness-
allow --allow-principal User:breakwater-cli --operation Describe \
  --resource-pattern-type literal \
  --group breakwater-input-scan \
  --group breakwater-model-invoke \
  --group breakwater-output-validate \
  --group breakwater-cost-aggregate \
  --group breakwater-alerts \
  --group breakwater-audit-seal
allow --allow-principal User:breakwater-cli --operation Create \
  --cluster

# publishers
allow --allow-principal User:breakwater-publishers --operation Write \
  --resource-pattern-type literal \
  --topic harness-requests \
  --topic harness-requests-batch
allow --allow-principal User:breakwater-publishers --operation Read \
  --resource-pattern-type literal \
  --topic harness-results
allow --allow-principal User:breakwater-publishers --operation Read \
  --resource-pattern-type prefixed \
  --group breakwater-publishers-
