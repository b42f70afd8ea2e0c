shelter-hazard-flood = 川の 水が あふれる（洪水）
shelter-hazard-landslide = がけが くずれる（土砂災害）
shelter-hazard-storm-surge = 海の 水が 高くなる（高潮）
shelter-hazard-earthquake = 地震
shelter-hazard-tsunami = 津波
shelter-hazard-fire = 大きな 火事
shelter-hazard-inland-flood = 雨の 水が あふれる
shelter-hazard-volcano = 火山
shelter-hazard-separator = { "、" }
shelter-send-location = 今 いる ところを 送る
shelter-which-hazard =
    何から 逃げますか。災害に よって、安全な ところが ちがいます。
    あぶない ときは、すぐに 近くの 安全な ところや、建物の 高い ところへ 行って ください。
shelter-any-hazard = わからない
shelter-open = ◯ あいています（{ $date } { $time }）
shelter-full = × いっぱいです。入れません（{ $date } { $time }）
shelter-closed = いまは あいていません（{ $date } { $time }）
shelter-open-stale = ◯ あいていました（{ $date } { $time }）。古い 情報です。行く 前に 市役所や 役場に 聞いて ください
shelter-full-stale = × いっぱいでした（{ $date } { $time }）。古い 情報です。行く 前に 市役所や 役場に 聞いて ください
shelter-near-safe-from = 「{ $hazard }」の とき、逃げる ところ（近い ところ）
shelter-near = 近くの 逃げる ところ（災害に よって 使えない ことが あります）
shelter-none = 逃げる ところが 見つかりませんでした。市役所や 役場に 聞いて ください。
shelter-name-and-distance = { $name }（まっすぐ 行くと およそ { $distance }）
shelter-safe-from = 使える とき：{ $hazards }
shelter-safe-from-nothing = どの 災害の とき 使えるか わかりません
shelter-source = 国土地理院（こくど ちりいん）と 市町村の 情報です。「あいています」と 書いて いない ところは、今 あいているか わかりません。市役所や 役場に 聞いて ください。
