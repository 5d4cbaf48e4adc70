create table che168.processed_data (
  account                      text         not null,
  inner_id                     text         not null,
  vendor_id                    text,
  active                       boolean      not null,
  partial                      boolean      not null,
  first_seen_at                timestamptz  not null,
  last_seen_at                 timestamptz  not null,
  vendor_event_at              timestamptz,
  removed_at                   timestamptz,
  last_change_id               bigint       not null,
  url                          text,
  mark                         text,
  mark_raw                     text,
  model                        text,
  model_raw                    text,
  manufacturer                 text,
  imported                     boolean,
  car_name                     text,
  trim_zh                      text,
  car_class                    text,
  year                         smallint,
  first_registration           date,
  first_registration_precision text,
  offer_created                date,
  color                        text,
  price                        integer,
  msrp                         integer,
  km_age                       integer,
  engine_type                  text,
  powertrain                   text,
  fuel_type                    text,
  displacement                 numeric(3,1),
  displacement_l               numeric(3,1),
  displacement_cc              integer,
  engine_model                 text,
  aspiration                   text,
  cylinder_layout              text,
  cylinders                    smallint,
  power                        smallint,
  power_kw                     smallint,
  max_horsepower               smallint,
  max_power_kw                 smallint,
  system_power_kw              smallint,
  motor_power_kw               smallint,
  torque_nm                    smallint,
  system_torque_nm             smallint,
  battery_kwh                  numeric(6,2),
  battery_type                 text,
  ev_range_km                  smallint,
  ev_range_cycle               text,
  fast_charge_h                numeric(5,2),
  slow_charge_h                numeric(5,2),
  transmission_type            text,
  transmission_type_detail     text,
  gears                        smallint,
  gears_simulated              smallint,
  drive_type                   text,
  engine_position              text,
  body_type                    text,
  doors                        smallint,
  seats_min                    smallint,
  seats_max                    smallint,
  length_mm                    smallint,
  width_mm                     smallint,
  height_mm                    smallint,
  wheelbase_mm                 smallint,
  curb_weight_kg               integer,
  emission_standard            text,
  vin                          text,
  address                      text,
  address_raw                  text,
  province_code                text,
  province                     text,
  city_code                    text,
  city                         text,
  city_zh                      text,
  city_ru                      text,
  district_code                text,
  district                     text,
  seller_type                  text,
  is_dealer                    boolean,
  section                      text,
  salon_id                     text,
  description                  text,
  images                       jsonb,
  image_count                  smallint,
  specid                       integer,
  options                      jsonb,
  specs                        jsonb,
  quality_flags                jsonb,
  unmapped                     jsonb,
  normalizer_version           smallint     not null,
  primary key (account, inner_id)
);

-- Whoever looks for a car looks among those that are offered.
create index processed_data_mark on che168.processed_data (mark, model, year) where active;
create index processed_data_manufacturer on che168.processed_data (manufacturer) where active;
create index processed_data_car_class on che168.processed_data (car_class) where active;
create index processed_data_year on che168.processed_data (year) where active;
create index processed_data_first_registration on che168.processed_data (first_registration) where active;
create index processed_data_offer_created on che168.processed_data (offer_created) where active;
create index processed_data_color on che168.processed_data (color) where active;
create index processed_data_price on che168.processed_data (price) where active;
create index processed_data_km_age on che168.processed_data (km_age) where active;
create index processed_data_engine_type on che168.processed_data (engine_type) where active;
create index processed_data_powertrain on che168.processed_data (powertrain) where active;
create index processed_data_fuel_type on che168.processed_data (fuel_type) where active;
create index processed_data_displacement on che168.processed_data (displacement) where active;
create index processed_data_displacement_l on che168.processed_data (displacement_l) where active;
create index processed_data_power on che168.processed_data (power) where active;
create index processed_data_max_horsepower on che168.processed_data (max_horsepower) where active;
create index processed_data_max_power_kw on che168.processed_data (max_power_kw) where active;
create index processed_data_transmission_type on che168.processed_data (transmission_type) where active;
create index processed_data_transmission_type_detail on che168.processed_data (transmission_type_detail) where active;
create index processed_data_gears on che168.processed_data (gears) where active;
create index processed_data_drive_type on che168.processed_data (drive_type) where active;
create index processed_data_body_type on che168.processed_data (body_type) where active;
create index processed_data_emission_standard on che168.processed_data (emission_standard) where active;
create index processed_data_vin on che168.processed_data (vin) where active;
create index processed_data_province_code on che168.processed_data (province_code) where active;
create index processed_data_city_code on che168.processed_data (city_code) where active;
create index processed_data_seller_type on che168.processed_data (seller_type) where active;
create index processed_data_is_dealer on che168.processed_data (is_dealer) where active;
create index processed_data_section on che168.processed_data (section) where active;
create index processed_data_salon_id on che168.processed_data (salon_id) where active;
create index processed_data_specid on che168.processed_data (specid) where active;
-- Few rows have such words, and only these are gone through to count them.
create index processed_data_unmapped on che168.processed_data (account) where unmapped is not null;

comment on table  che168.processed_data is 'Adverts with every value typed and in one language, one row for each of che168.raw_data, also for those that are gone. What is not known is NULL; why, is told by quality_flags.';
comment on column che168.processed_data.account is 'whose row it is: the account, as it is called here';
comment on column che168.processed_data.inner_id is 'the advert, as inner_id; its raw row is che168.raw_data of the same account and inner_id';
comment on column che168.processed_data.vendor_id is 'the vendor''s internal number of it, as id in a list of adverts';
comment on column che168.processed_data.active is 'the advert is offered; false: the vendor has removed it';
comment on column che168.processed_data.partial is 'only pieces of the advert are known: changes came of it, and nobody has told what it is; what is not known is NULL';
comment on column che168.processed_data.first_seen_at is 'when it was first loaded';
comment on column che168.processed_data.last_seen_at is 'when its raw row last changed';
comment on column che168.processed_data.vendor_event_at is 'when the vendor noted its last event, by the vendor''s clock';
comment on column che168.processed_data.removed_at is 'since when it is gone, by the vendor''s clock; NULL: it is active, or that was not told';
comment on column che168.processed_data.last_change_id is 'the last event of the feed that its raw row holds; 0: none';
comment on column che168.processed_data.url is 'its page on che168.com, without what follows a question mark';
comment on column che168.processed_data.mark is 'brand in English letters, as BMW; a Chinese one without a known translation as it came';
comment on column che168.processed_data.mark_raw is 'mark as the vendor sent it';
comment on column che168.processed_data.model is 'model without its brand, in English where it has a name there; else as it came';
comment on column che168.processed_data.model_raw is 'model as the vendor sent it';
comment on column che168.processed_data.manufacturer is 'who built it, as Beijing Benz; a Chinese one without a known translation as it came (厂商)';
comment on column che168.processed_data.imported is 'the maker or the trim is marked as imported (进口); NULL: neither is told';
comment on column che168.processed_data.car_name is 'full name of the trim in Chinese, with series and model year (车型名称)';
comment on column che168.processed_data.trim_zh is 'name of the trim alone, in Chinese mostly, as complectation or the end of car_name';
comment on column che168.processed_data.car_class is 'city, small, compact, mid_size, executive, luxury, suv_small ... suv_large, mpv ..., sports, pickup, microvan, light_bus, micro_truck, light_truck (级别)';
comment on column che168.processed_data.year is 'model year, as year, else by car_name (2019款); not the year it was built';
comment on column che168.processed_data.first_registration is 'first registration; of a month its first day';
comment on column che168.processed_data.first_registration_precision is 'day or month: how exactly first_registration was told';
comment on column che168.processed_data.offer_created is 'the day it was offered; NULL where only the month is told';
comment on column che168.processed_data.color is 'white, black, silver_grey, dark_grey, blue, red, brown, orange, yellow, green, purple, champagne or other';
comment on column che168.processed_data.price is 'asking price in yuan (CNY); NULL: none is told, or what is told is none';
comment on column che168.processed_data.msrp is 'price of the new car when it came out, in yuan (CNY) (厂商指导价)';
comment on column che168.processed_data.km_age is 'odometer reading in km; 0 is a reading';
comment on column che168.processed_data.engine_type is 'petrol, petrol_24v, petrol_48v, petrol_90v, petrol_electric_drive, hybrid, plug_in_hybrid, range_extender, electric, diesel, diesel_48v, petrol_cng, cng, hydrogen, methanol or methanol_hybrid';
comment on column che168.processed_data.powertrain is 'ice, mhev, hev, phev, reev, bev or fcev, by engine_type';
comment on column che168.processed_data.fuel_type is 'petrol, diesel, electric, cng, petrol_cng, hydrogen or methanol, by engine_type';
comment on column che168.processed_data.displacement is 'size of the engine in litres: by the configuration, else as displacement; NULL: there is none, or it is not told';
comment on column che168.processed_data.displacement_l is 'size of the engine in litres by the configuration alone';
comment on column che168.processed_data.displacement_cc is 'exact size of the engine in cm3; never made of rounded litres';
comment on column che168.processed_data.engine_model is 'what the maker calls the engine (发动机型号)';
comment on column che168.processed_data.aspiration is 'natural, turbo, twin_turbo, tri_turbo, quad_turbo, supercharger, twin_charged or electric_supercharger';
comment on column che168.processed_data.cylinder_layout is 'L, V, H, W or R';
comment on column che168.processed_data.cylinders is 'number of cylinders';
comment on column che168.processed_data.power is 'power of the combustion engine, of an electric car that of its motors, in metric horsepower (PS)';
comment on column che168.processed_data.power_kw is 'the same in kW';
comment on column che168.processed_data.max_horsepower is 'the same in PS by the configuration alone (最大马力)';
comment on column che168.processed_data.max_power_kw is 'the same in kW by the configuration alone (最大功率 of the engine, not of the car)';
comment on column che168.processed_data.system_power_kw is 'power of the whole car in kW: of engine and motors together (最大功率 of the car, 系统综合功率)';
comment on column che168.processed_data.motor_power_kw is 'power of all motors together, in kW';
comment on column che168.processed_data.torque_nm is 'torque of the engine, of an electric car that of its motors, in Nm';
comment on column che168.processed_data.system_torque_nm is 'torque of the whole car in Nm (最大扭矩 of the car)';
comment on column che168.processed_data.battery_kwh is 'energy of the battery in kWh';
comment on column che168.processed_data.battery_type is 'nmc, lfp, nmc_lfp, nimh, li_ion, lmo or lto';
comment on column che168.processed_data.ev_range_km is 'how far it goes on its battery, in km';
comment on column che168.processed_data.ev_range_cycle is 'by which cycle: cltc, wltc or nedc, the first of them that is told';
comment on column che168.processed_data.fast_charge_h is 'time of a fast charge in hours (快充时间)';
comment on column che168.processed_data.slow_charge_h is 'time of a slow charge in hours (慢充时间)';
comment on column che168.processed_data.transmission_type is 'manual or automatic';
comment on column che168.processed_data.transmission_type_detail is 'manual, automatic (with a torque converter), cvt, e_cvt, dct, amt, dht or single_speed; NULL: all that is told is that it is automatic';
comment on column che168.processed_data.gears is 'number of gears; NULL of a continuous gearbox';
comment on column che168.processed_data.gears_simulated is 'gears that a continuous gearbox pretends to have';
comment on column che168.processed_data.drive_type is 'fwd, rwd, awd, 4wd_part_time or other; NULL: not told, or two wheels and not which';
comment on column che168.processed_data.engine_position is 'front, mid or rear';
comment on column che168.processed_data.body_type is 'sedan, hatchback, liftback, wagon, suv, mpv, coupe, convertible, pickup, van, microvan, bus, truck or other';
comment on column che168.processed_data.doors is 'number of doors';
comment on column che168.processed_data.seats_min is 'number of seats; the least where there are several forms';
comment on column che168.processed_data.seats_max is 'number of seats; the most where there are several forms';
comment on column che168.processed_data.length_mm is 'length in mm';
comment on column che168.processed_data.width_mm is 'width in mm';
comment on column che168.processed_data.height_mm is 'height in mm';
comment on column che168.processed_data.wheelbase_mm is 'wheelbase in mm';
comment on column che168.processed_data.curb_weight_kg is 'weight of the empty car in kg';
comment on column che168.processed_data.emission_standard is 'china_1 to china_6, china_6b, euro_1 to euro_6; of two that are named the stricter';
comment on column che168.processed_data.vin is 'the vehicle''s number of 17 signs; NULL: not told, hidden in part, or none. Several adverts may have the same';
comment on column che168.processed_data.address is 'where the car stands, in English: city, district; what is not known as it came';
comment on column che168.processed_data.address_raw is 'address as the vendor sent it';
comment on column che168.processed_data.province_code is 'province, by the first 2 digits of its code (GB/T 2260)';
comment on column che168.processed_data.province is 'name of the province in English letters';
comment on column che168.processed_data.city_code is 'city, by 4 digits of its code; 6 of a county that belongs to no city. Names are not keys: 苏州 and 宿州 are both Suzhou';
comment on column che168.processed_data.city is 'name of the city in English letters';
comment on column che168.processed_data.city_zh is 'name of the city in Chinese, short';
comment on column che168.processed_data.city_ru is 'name of the city in Russian letters';
comment on column che168.processed_data.district_code is 'district, by 6 digits of its code (9 of a town of a city without districts); only one that lies in the city';
comment on column che168.processed_data.district is 'name of the district in English letters';
comment on column che168.processed_data.seller_type is 'dealer or private';
comment on column che168.processed_data.is_dealer is 'the seller is a dealer';
comment on column che168.processed_data.section is 'used or new';
comment on column che168.processed_data.salon_id is 'the vendor''s number of the dealer';
comment on column che168.processed_data.description is 'the seller''s own text, unchanged: it may hold their phone numbers and names';
comment on column che168.processed_data.images is 'addresses of pictures, a list in their order: https, of autoimg.cn, 50 at most';
comment on column che168.processed_data.image_count is 'how many of them';
comment on column che168.processed_data.specid is 'the spec of the car at Autohome, as specid, else of the configuration';
comment on column che168.processed_data.options is 'equipment: a list of {name, code?, group?, mark?, text?}; mark is standard or optional';
comment on column che168.processed_data.specs is 'the configuration, whole, by our names of its parameters: numbers in the unit of the name (length_mm), codes, texts; those without a name here by group and name';
comment on column che168.processed_data.quality_flags is 'what is wrong or strange with single fields: a list of field:what, as price:zero; NULL: nothing';
comment on column che168.processed_data.unmapped is 'words that no dictionary has, by their field; counted in che168.unmapped_values';
comment on column che168.processed_data.normalizer_version is 'which version of the rules made the row';

create view che168.unmapped_values as
  select u.key as field, u.value, count(*) as adverts
  from che168.processed_data p cross join lateral jsonb_each_text(p.unmapped) u
  where p.unmapped is not null
  group by u.key, u.value
  order by count(*) desc, u.key, u.value;

comment on view   che168.unmapped_values is 'Words of adverts that no dictionary of the normalizer has, the most frequent first.';
comment on column che168.unmapped_values.field is 'the field in which it stands';
comment on column che168.unmapped_values.value is 'the word as the vendor writes it';
comment on column che168.unmapped_values.adverts is 'how many adverts have it, also those that are gone';
