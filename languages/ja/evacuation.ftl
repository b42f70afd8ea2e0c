evacuation-heading = 【避難情報】{ $when } 現在
evacuation-when = { $date } { $time }
evacuation-none =
    いま、避難情報（高齢者等避難・避難指示・緊急安全確保）は、どの地区にも出ていません。
    出ていなくても、危ないと感じたら、ためらわず安全な場所へ避難してください。
evacuation-home = ▼お住まいの地区（{ $area }）
evacuation-home-none = お住まいの地区（{ $area }）には、いま避難情報は出ていません。
evacuation-since = 「{ $level }」が出ています（{ $when } から）
evacuation-in-town = ▼市内で出ている避難情報
evacuation-everywhere-known = ▼いま出ている避難情報
evacuation-places = ■{ $level }：{ $places }
evacuation-whole-town = すべての地区
evacuation-whole = { $district }（全域）
evacuation-more = ほか{ $count }か所
evacuation-level-3 = 警戒レベル3 高齢者等避難
evacuation-level-4 = 警戒レベル4 避難指示
evacuation-level-5 = 警戒レベル5 緊急安全確保
evacuation-level-order = 避難指示
evacuation-do-3 = 高齢の方や障害のある方など、避難に時間のかかる方は、危険な場所から避難してください。それ以外の方も、ふだんの行動を見合わせ、避難の準備をしてください。
evacuation-do-4 = 危険な場所にいる方は、速やかに全員避難してください。避難場所への移動が危ないときは、近くの安全な場所や、建物の高い所へ。
evacuation-do-5 = 命の危険があります。ただちに、いまいる建物の高い所や、崖から離れた部屋など、少しでも安全な場所で身を守ってください。
evacuation-do-order = ただちに避難してください。津波のときは、海岸や川から離れ、高い所へ。津波は繰り返し来ます。解除されるまで戻らないでください。
evacuation-headline-home = お住まいの地区に「{ $level }」が出ています。
evacuation-headline-town = 市内に「{ $level }」が出ている地区があります。
evacuation-headline-none = 避難情報は出ていません（{ $when } 現在）。
