-- Two roles: the owner changes tables (migrations alone), the application only reads and writes rows.
-- Run once by a superuser with psql; the passwords come from the environment.
\getenv owner_password OWNER_DB_PASSWORD
\getenv app_password APP_DB_PASSWORD
CREATE ROLE prm_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE prm_app LOGIN PASSWORD :'app_password';
CREATE DATABASE prm OWNER prm_owner ENCODING 'UTF8' TEMPLATE template0;
\connect prm
GRANT USAGE ON SCHEMA public TO prm_app;
ALTER DEFAULT PRIVILEGES FOR ROLE prm_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO prm_app;
ALTER DEFAULT PRIVILEGES FOR ROLE prm_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO prm_app;
