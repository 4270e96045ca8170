set encoding utf8
$T << TAILGATE_END
|rows (log scale)
|latency (log scale)
|session_get p99
|session_get p50
|namespace_query p99
|namespace_query p50
|namespace_query.p99 < 50ms
|Latency over the size of the data, phase steady
|source: memory_scale-20251121T000000Z
TAILGATE_END
$D1 << TAILGATE_END
1000 20000 NaN NaN
10000 40000 NaN NaN
100000 90000 NaN NaN
1000000 180000 NaN NaN
NaN NaN NaN NaN
TAILGATE_END
$D2 << TAILGATE_END
1000 8000 NaN NaN
10000 9000 NaN NaN
100000 10000 NaN NaN
1000000 12000 NaN NaN
NaN NaN NaN NaN
TAILGATE_END
$D3 << TAILGATE_END
1000 60000 NaN NaN
10000 600000 NaN NaN
100000 6000000 NaN NaN
1000000 61000000 NaN NaN
NaN NaN NaN NaN
TAILGATE_END
$D4 << TAILGATE_END
1000 50000 NaN NaN
10000 500000 NaN NaN
100000 5000000 NaN NaN
1000000 NaN NaN NaN
NaN NaN NaN NaN
TAILGATE_END
$D5 << TAILGATE_END
1000 50000000 NaN NaN
1000000 50000000 NaN NaN
NaN NaN NaN NaN
TAILGATE_END
set terminal svg size 760,426 background '#FFFFFF' font 'sans-serif,12' noenhanced
set label $T[8][2:*] at screen 0.02368,0.94366 left font ',15' tc rgb '#222222'
set label $T[9][2:*] at screen 0.02368,0.03286 left font ',10' tc rgb '#666666'
set object rectangle from screen 0,0 to screen 1,1 fs empty border lc rgb '#CCCCCC' lw 1 behind
set border 3 lc rgb '#999999'
set grid lc rgb '#E2E2E2' lt 1 lw 1
set tmargin at screen 0.89202
set bmargin at screen 0.18779
set lmargin at screen 0.12105
set rmargin at screen 0.68158
set key at screen 0.68684,0.89202 left top vertical maxrows 5 Left reverse samplen 2 spacing 1 font ',11'
set logscale x
set xrange [999.999:1000001]
set xtics nomirror scale 0.5 font ',11' tc rgb '#444444' ('1,000' 1000, '10,000' 10000, '100,000' 100000, '1,000,000' 1000000)
set grid xtics
set logscale y
set yrange [999.999:100000100]
set ytics nomirror scale 0.5 font ',11' tc rgb '#444444' ('1 µs' 1000, '10 µs' 10000, '100 µs' 100000, '1 ms' 1000000, '10 ms' 10000000, '100 ms' 100000000)
set grid ytics
set xlabel $T[1][2:*] font ',12' tc rgb '#444444'
set ylabel $T[2][2:*] font ',12' tc rgb '#444444'
plot NaN notitle, \
     $D1 using 1:2 with linespoints lw 2.5 dt 1 pt 7 ps 0.5 lc rgb '#0072B2' title $T[3][2:*], \
     $D2 using 1:2 with linespoints lw 1.5 dt (2,3) pt 6 ps 0.4 lc rgb '#0072B2' title $T[4][2:*], \
     $D3 using 1:2 with linespoints lw 2.5 dt 1 pt 7 ps 0.5 lc rgb '#E69F00' title $T[5][2:*], \
     $D4 using 1:2 with linespoints lw 1.5 dt (2,3) pt 6 ps 0.4 lc rgb '#E69F00' title $T[6][2:*], \
     $D5 using 1:2 with lines lw 1.5 dt (8,5) pt 7 ps 0.5 lc rgb '#E69F00' title $T[7][2:*]
