-- A chain is proven up to its last page; whether that was the end is told, too.
comment on column sluice.coverage.complete is 'false: a snapshot whose first list has not come to its end, or a chain whose last page was not the end';
comment on column sluice.runs.total is 'of a list: how many records the vendor said there are, the last time it said so; of a normalizer: how many rows there were to deal with';
