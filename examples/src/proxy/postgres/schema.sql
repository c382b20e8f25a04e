-- What several SCEP proxies have in common. Running this again changes nothing.
--
-- A proxy needs no more than USAGE on the schema, and SELECT, INSERT, UPDATE and
-- DELETE on its tables.

begin;

-- Two that come at the same time would both find nothing and both create.
select pg_advisory_xact_lock(hashtext('scep_proxy'));

create schema if not exists scep_proxy;

create table if not exists scep_proxy.version (
    version integer primary key
);
insert into scep_proxy.version (version) values (1) on conflict do nothing;

-- Passcodes that nobody has used. Using one deletes its row.
create table if not exists scep_proxy.passcodes (
    host_uuid    text not null,
    profile_uuid text not null,
    ca_name      text not null,
    -- SHA-256 of the passcode. It has 192 random bits: nobody finds them by trying.
    digest       bytea not null check (octet_length(digest) = 32),
    made_at      timestamptz not null,
    primary key (host_uuid, profile_uuid, ca_name, digest)
);
create index if not exists passcodes_made_at on scep_proxy.passcodes (made_at);

-- The certificates to look after: what Fleet calls host_mdm_managed_certificates.
create table if not exists scep_proxy.managed_certificates (
    host_uuid              text not null,
    profile_uuid           text not null,
    -- NULL: the device got it without the proxy.
    ca_name                text,
    -- ndes, smallstep, custom_scep_proxy, digicert; NULL as above.
    type                   text,
    challenge_retrieved_at timestamptz,
    -- NULL until the certificate was seen.
    not_valid_before       timestamptz,
    not_valid_after        timestamptz,
    serial                 text,
    unique nulls not distinct (host_uuid, profile_uuid, ca_name)
);

-- The profiles that bring them, one row for each host.
create table if not exists scep_proxy.profiles (
    host_uuid            text not null,
    profile_uuid         text not null,
    -- pending, delivering, delivered, verifying, verified, failed; NULL: to be sent (again).
    status               text,
    -- install, remove.
    operation            text not null default 'install',
    -- Why it failed, in words for the administrator.
    detail               text not null default '',
    retries              integer not null default 0 check (retries >= 0),
    -- The MDM command that carries it. Whoever sends commands withdraws the one that is
    -- not here any more.
    command_uuid         text not null default '',
    variables_updated_at timestamptz,
    primary key (host_uuid, profile_uuid)
);

commit;
