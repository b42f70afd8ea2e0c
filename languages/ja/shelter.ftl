shelter-hazard-flood = 洪水
shelter-hazard-landslide = 土砂災害
shelter-hazard-storm-surge = 高潮
shelter-hazard-earthquake = 地震
shelter-hazard-tsunami = 津波
shelter-hazard-fire = 大規模な火事
shelter-hazard-inland-flood = 内水氾濫
shelter-hazard-volcano = 火山
shelter-hazard-separator = { "、" }
shelter-send-location = 位置情報を送る
shelter-which-hazard =
    どの災害から避難しますか。災害によって、安全な場所が違います。
    命の危険を感じたら、調べるより先に、近くの安全な場所や建物の高い所へ。
shelter-any-hazard = わからない
shelter-open = ◯ 開いています（{ $date } { $time } 現在）
shelter-full = × 満員です（{ $date } { $time } 現在）
shelter-closed = いまは開けていません（{ $date } { $time } 現在）
shelter-open-stale = ◯ 開いていました（{ $date } { $time }）。時間がたっています。行く前に市町村に確かめてください
shelter-full-stale = × 満員でした（{ $date } { $time }）。時間がたっています。行く前に市町村に確かめてください
shelter-near-safe-from = 「{ $hazard }」のときに使える、近くの指定緊急避難場所
shelter-near = 近くの指定緊急避難場所（災害の種類によって使えないことがあります）
shelter-none = 条件に合う避難場所が見つかりませんでした。ハザードマップを確かめ、市町村に問い合わせてください。
shelter-name-and-distance = { $name }（直線で約{ $distance }）
shelter-safe-from = 使える災害：{ $hazards }
shelter-safe-from-nothing = 使える災害の種類は公表されていません
shelter-source = 出典：国土地理院「指定緊急避難場所データ」、市町村の公表資料。「開いています」などの表示がない場所は、今開いているかどうか分かりません。最新の状況は市町村に確認してください。
