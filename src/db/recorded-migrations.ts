/** The names under which databases have recorded migrations whose files have been renamed since. */
export const RECORDED: Readonly<Record<string, string>> = {
  '001_create_accounts': '001_accounts',
  '002_create_clients_and_keys': '002_clients_and_keys',
  '003_create_records_and_sessions': '003_records_and_sessions',
  '004_create_outbox_audit_counters': '004_outbox_audit_counters',
  '005_create_codes_and_links': '005_codes_and_links',
  '006_create_profile_images': '006_images',
  '007_add_last_accesses_and_numbers': '007_partners',
  '008_create_subscriptions': '008_self_service',
  '009_add_first_proof': '009_recovery',
  '010_add_locations_and_devices': '010_keys',
  '011_add_session_browsers': '011_browser_sessions',
  '012_add_code_browsers': '012_codes_of_browsers',
  '013_index_expiries': '013_growth',
  '014_create_submissions': '014_submissions',
  '015_create_counter_functions': '015_take_counters',
  '022_add_confirmed_contacts': '022_confirmed_contacts',
};
