/** The public projects, at the commits named, and what their own scripts cannot do on PostgreSQL 18. */
import type { Corpus } from './corpora.js';

export const CORPORA: readonly Corpus[] = [
  {
    // openmeterio/openmeter 7e57a394
    name: 'openmeter',
    folder: 'tools/migrate/migrations',
    format: 'pairs',
    migrations: 269,
    downs: 269,
    brokenDowns: {},
    brokenSecondUps: {
      '20250304071554': 'relation "customer_namespace_key" already exists (SQLSTATE 42P07)',
      '20250605102416':
        'trigger "trigger_delete_entitlement_on_subscription_item_delete" for relation "subscription_items" already exists (SQLSTATE 42710)',
    },
    rollbackStops: undefined,
    appliedAgain: 269,
  },
  {
    // target/goalert 2458b9d7
    name: 'goalert',
    folder: 'migrate/migrations',
    format: 'sql-migrate',
    migrations: 280,
    downs: 249,
    brokenDowns: {
      '20170509154250-alerts': 'view "alert_steps" does not exist (SQLSTATE 42P01)',
      '20170515162554-user-notifications':
        'cannot drop view active_contact_methods because other objects depend on it (SQLSTATE 2BP01)',
      '20170530135027-schedule-rotation': 'syntax error at or near "," (SQLSTATE 42601)',
      '20170612101232-escalation-tweaks':
        'cannot drop function set_escalation_policy_step() because other objects depend on it (SQLSTATE 2BP01)',
      '20170619123628-add-constraints': 'syntax error at or near "UNIQUE" (SQLSTATE 42601)',
      '20170620104459-contact-constraints': 'syntax error at or near "UNIQUE" (SQLSTATE 42601)',
    },
    brokenSecondUps: {
      '20170428154209-users-table':
        'default for column "role" cannot be cast automatically to type enum_user_role (SQLSTATE 42804)',
      '20170619164449-bobby-tables': 'table "alert" does not exist (SQLSTATE 42P01)',
      '20170630095448-integration-to-integration-keys':
        'type "enum_integration_keys_type" already exists (SQLSTATE 42710)',
    },
    rollbackStops: undefined,
    appliedAgain: 9,
  },
  {
    // concourse/concourse 95872ce1
    name: 'concourse',
    folder: 'atc/db/migration/migrations',
    format: 'pairs',
    renamed: {
      '1626194317_add_pipeline_pauses_table.up.sql': {
        to: '1626194318_add_pipeline_pauses_table.up.sql',
        why: 'two migrations have the version 1626194317, which only the project’s own runner allows',
      },
      '1626194317_add_pipeline_pauses_table.down.sql': {
        to: '1626194318_add_pipeline_pauses_table.down.sql',
        why: 'as its up',
      },
    },
    migrations: 149,
    downs: 148,
    brokenDowns: {},
    brokenSecondUps: {
      '1602860419':
        'constraint "builds_resource_id_key" of relation "builds" does not exist (SQLSTATE 42704)',
    },
    rollbackStops: undefined,
    appliedAgain: 122,
  },
  {
    // checkmarble/marble-backend b1b2f942
    name: 'marble',
    folder: 'repositories/migrations',
    format: 'goose',
    without: { '20260220085900_geo_and_ip.sql': 'extension "postgis" is not available' },
    migrations: 147,
    downs: 137,
    brokenDowns: {
      '20260121102700':
        'cannot drop column archived of table scenario_iterations because other objects depend on it (SQLSTATE 2BP01)',
    },
    brokenSecondUps: {
      '20250723120200':
        'column "case_auto_assign" of relation "organization_feature_access" already exists (SQLSTATE 42701)',
      '20260519133900':
        'column "provider" of relation "continuous_screening_update_jobs" already exists (SQLSTATE 42701)',
    },
    rollbackStops: undefined,
    appliedAgain: undefined,
  },
  {
    // svix/svix-webhooks 4fc0cfb8
    name: 'svix',
    folder: 'server/svix-server/migrations',
    format: 'pairs',
    migrations: 16,
    downs: 16,
    brokenDowns: {
      '20220428190104': 'index "message_payload_not_null_pidx" does not exist (SQLSTATE 42704)',
    },
    brokenSecondUps: {},
    rollbackStops:
      'Cannot run 20220428190104_message_expiration: index "message_payload_not_null_pidx" does not exist (SQLSTATE 42704)',
    appliedAgain: 12,
  },
  {
    // riverqueue/river fdf6cdf1
    name: 'river',
    folder: 'riverdriver/riverdatabasesql/migration/main',
    format: 'pairs',
    migrations: 7,
    downs: 7,
    brokenDowns: {},
    brokenSecondUps: {},
    rollbackStops: undefined,
    appliedAgain: 7,
  },
  {
    // langfuse/langfuse 62751446
    name: 'langfuse',
    folder: 'packages/shared/prisma/migrations',
    format: 'prisma',
    migrations: 434,
    downs: 0,
    brokenDowns: {},
    brokenSecondUps: {},
    rollbackStops: undefined,
    appliedAgain: 0,
  },
];
