alter table teams alter column auth type jsonb using auth::jsonb;
