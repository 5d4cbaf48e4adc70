-- What a command says by flags belongs to the runs it asks for, whichever process works on them.
alter table sluice.runs add column flags jsonb;
comment on column sluice.runs.flags is 'what the flags of the command that asked for it say: {"max-pages": "5"}; null: everything as configured';
