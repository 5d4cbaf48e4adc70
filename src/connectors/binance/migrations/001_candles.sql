create table binance.candles (
  symbol                 text          not null,
  interval               text          not null default '1m',
  timestamp              bigint        not null,
  open_time              timestamptz   not null,
  close_time             timestamptz   not null,
  open_price             numeric(20,8) not null,
  high_price             numeric(20,8) not null,
  low_price              numeric(20,8) not null,
  close_price            numeric(20,8) not null,
  volume                 numeric(38,8) not null,
  quote_volume           numeric(38,8) not null,
  trades                 integer       not null,
  taker_buy_volume       numeric(38,8) not null,
  taker_buy_quote_volume numeric(38,8) not null,
  closed                 boolean       not null,
  primary key (symbol, interval, timestamp)
) partition by range (timestamp);

comment on table  binance.candles is 'Candles of the spot market. One row per symbol, interval and open time; a month (UTC) is one partition.';
comment on column binance.candles.symbol is 'as the exchange writes it: BTCUSDT';
comment on column binance.candles.interval is '1s to 1M; case sensitive: 1m is a minute, 1M a month';
comment on column binance.candles.timestamp is 'open time, epoch milliseconds; not always on the full minute (the exchange''s own history of 2017 and 2018)';
comment on column binance.candles.open_time is 'the same instant as timestamp';
comment on column binance.candles.close_time is 'the last millisecond of the candle';
comment on column binance.candles.open_price is 'in the quote currency (USDT of BTCUSDT)';
comment on column binance.candles.high_price is 'in the quote currency';
comment on column binance.candles.low_price is 'in the quote currency';
comment on column binance.candles.close_price is 'in the quote currency';
comment on column binance.candles.volume is 'traded amount of the base currency (BTC of BTCUSDT)';
comment on column binance.candles.quote_volume is 'traded amount of the quote currency';
comment on column binance.candles.trades is 'number of trades';
comment on column binance.candles.taker_buy_volume is 'part of volume that takers bought, base currency';
comment on column binance.candles.taker_buy_quote_volume is 'part of quote_volume that takers bought, quote currency';
comment on column binance.candles.closed is 'the candle is final; an open one is replaced by its later versions';

create view binance.collector_state as
select part.symbol, part.interval, newest.timestamp as last_timestamp, part.last_updated, false as is_realtime
from (
  select part ->> 'symbol' as symbol, part ->> 'interval' as interval, max(updated_at) as last_updated
  from sluice.checkpoints
  where connector = 'binance' and stream = 'candles'
  group by 1, 2
) part
left join lateral (
  select timestamp from binance.candles c
  where c.symbol = part.symbol and c.interval = part.interval
  order by timestamp desc limit 1
) newest on true;

comment on view binance.collector_state is 'Where each symbol and interval stands, read from the engine''s own ledger.';
comment on column binance.collector_state.last_timestamp is 'open time of the newest stored candle, epoch milliseconds';
comment on column binance.collector_state.last_updated is 'when the last page was committed';
comment on column binance.collector_state.is_realtime is 'the symbol is followed live';
