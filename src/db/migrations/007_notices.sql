-- What the user should know of an answer, and is no fault: how far back the vendor goes, which part of an answer is preliminary.
alter table sluice.runs add column notice text;
comment on column sluice.runs.notice is 'what the vendor''s answers gave reason to tell, such as how far back it goes';
